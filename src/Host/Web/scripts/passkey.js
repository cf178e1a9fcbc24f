// Passkeys. A form with an empty hidden field and a button:
//   <form method="post"> … <input type="hidden" name="credential">
//     <button type="button" class="btn needs-passkey" data-passkey-get="/sign-in/passkey" (or data-passkey-create)
//             data-passkey-error="The passkey was not accepted.">…</button>
//     <p class="field-error" role="alert" data-passkey-message hidden></p></form>
// The button posts the form's fields (its token among them) to the address, which answers with the options; the
// device's answer goes into the hidden field and the form is sent.

const kinds = {
  passkeyCreate: options => navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
  }),
  passkeyGet: options => navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
  }),
};

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  document.documentElement.classList.add('passkeys');
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-passkey-create], [data-passkey-get]');
    if (button) ask(button);
  });
}

async function ask(button) {
  const form = button.form;
  if (button.getAttribute('aria-busy') || !form.reportValidity()) return;
  const kind = button.dataset.passkeyCreate === undefined ? 'passkeyGet' : 'passkeyCreate';
  tell(form, '');
  button.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(button.dataset[kind], {
      method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { accept: 'application/json' },
    });
    if (!answer.ok || answer.redirected) throw new Error(`options: ${answer.status}`);
    const credential = await kinds[kind](await answer.json());
    form.elements[button.dataset.passkeyField ?? 'credential'].value = JSON.stringify(credential);
    form.requestSubmit();
  } catch {
    // Cancelled, timed out, no such passkey, or the server away: the same sentence says what else there is.
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
