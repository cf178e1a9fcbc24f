// Passkeys. A form with an empty hidden field and a button, of the class needs-passkey where it is of no use without:
//   <form method="post" class="needs-passkey"> … <input type="hidden" name="Credential">
//     <button type="button" class="btn" data-passkey-get="/sign-in/passkey" (or data-passkey-create)
//             data-passkey-field="Credential" data-passkey-error="The passkey was not accepted.">…</button>
//     <p class="field-error" role="alert" data-passkey-message hidden></p></form>
// The button posts the form's fields, its token among them, to the address, which answers with the options, or with a
// sentence why not; the device's answer goes into the hidden field and the form is sent.

const kinds = { passkeyGet: 'get', passkeyCreate: 'create' };

if (window.PublicKeyCredential && navigator.credentials) {
  document.documentElement.classList.add('passkeys');
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-passkey-create], [data-passkey-get]');
    if (button) ask(button);
  });
}

async function ask(button) {
  const form = button.form;
  if (button.getAttribute('aria-busy') || !form.reportValidity()) return;
  const kind = button.dataset.passkeyGet === undefined ? 'passkeyCreate' : 'passkeyGet';
  tell(form, '');
  button.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(button.dataset[kind], {
      method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { accept: 'application/json' },
    });
    if (answer.headers.get('content-type')?.startsWith('text/plain')) return tell(form, await answer.text());
    if (!answer.ok || answer.redirected) throw new Error(`options: ${answer.status}`);
    const publicKey = read(await answer.json());
    const credential = await navigator.credentials[kinds[kind]]({ publicKey });
    form.elements[button.dataset.passkeyField].value = JSON.stringify(written(credential));
    form.requestSubmit();
  } catch {
    // Cancelled, timed out, no such passkey, or the server away: one sentence says what else there is.
    tell(form, button.dataset.passkeyError);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

function tell(form, words) {
  const message = form.querySelector('[data-passkey-message]');
  message.textContent = words;
  message.hidden = !words;
}

// Browsers learnt to read and write the JSON themselves in 2023 to 2025; older ones have passkeys too.

function read(options) {
  const readers = { true: 'parseCreationOptionsFromJSON', false: 'parseRequestOptionsFromJSON' };
  const reader = readers['user' in options];
  if (PublicKeyCredential[reader]) return PublicKeyCredential[reader](options);
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials])
    for (const one of list ?? []) one.id = bytes(one.id);
  return options;
}

function written(credential) {
  if (credential.toJSON) return credential.toJSON();
  const { id, rawId, type, authenticatorAttachment, response } = credential;
  const said = { transports: response.getTransports?.() };
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'])
    if (response[name]) said[name] = text(response[name]);
  return {
    id, rawId: text(rawId), type, authenticatorAttachment: authenticatorAttachment ?? undefined, response: said,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replace(/-/g, '+').replace(/_/g, '/')), one => one.charCodeAt(0));
}

function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}
