// Small things that make a page handier; each page works without them. Listens on the document, so that what live.js
// swaps in is served too. Controls of the class needs-script show once this has run.

const root = document.documentElement;
root.classList.add('js');

// "/" goes to the page's search box, or to the one above every page.
document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
  const box = document.querySelector('main [data-search]') ?? document.querySelector('[data-search]');
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// A menu closes by Escape, by a click elsewhere and when the focus goes elsewhere.
const openMenus = () => document.querySelectorAll('details.menu[open]');

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const menu of openMenus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector('summary').focus();
  }
});

for (const leaving of ['click', 'focusin'])
  document.addEventListener(leaving, event => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });

// A form is sent once, however often the button is pressed. The button stays enabled: its value is part of the form.
const sent = new Set();

document.addEventListener('submit', event => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  event.submitter?.setAttribute('aria-busy', 'true');
  // An answer that is a file leaves the page where it is.
  setTimeout(() => again(form), 10_000);
});

addEventListener('pageshow', () => [...sent].forEach(again));

function again(form) {
  sent.delete(form);
  for (const button of form.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
}

// data-copy="text", or data-copy-from="id" of what holds it; data-copied is what to say afterwards.
document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy], [data-copy-from]');
  if (!button) return;
  const from = document.getElementById(button.dataset.copyFrom);
  const text = button.dataset.copy ?? [...from.querySelectorAll('li')].map(line => line.textContent).join('\n');
  if (await copy(text)) say(button, button.dataset.copied);
});

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  // Without https there is no clipboard but this one.
  const area = Object.assign(document.createElement('textarea'), { value: text, className: 'hidden-text' });
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

function say(button, words) {
  const told = Object.assign(document.createElement('span'), { className: 'copied', role: 'status' });
  button.after(told);
  told.textContent = words ?? '';
  setTimeout(() => told.remove(), 2_500);
}

document.addEventListener('click', event => {
  if (event.target.closest('[data-print]')) print();
});

// A page that cannot be made now is looked for every few seconds, and shown when it can.
const comesBack = Number(document.body.dataset.comesBack);
if (comesBack) look();

async function look() {
  await new Promise(done => setTimeout(done, comesBack * 1_000 * (1 + Math.random() / 2)));
  const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store', headers: { 'x-unseen': '1' } })
    .catch(() => undefined);
  if (answer && answer.status < 500) location.replace(location.pathname + location.search);
  else look();
}

// data-refresh="id of a button": what depends on this choice is shown anew, as that button does without scripts.
document.addEventListener('change', event => {
  const button = document.getElementById(event.target.dataset?.refresh ?? '');
  button?.form.requestSubmit(button);
});
