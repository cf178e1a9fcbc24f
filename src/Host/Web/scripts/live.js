// Figures that move. One stream per browser: of the visible tabs one holds a lock and the stream, the others listen to
// it; a hidden tab lets go. Named by its script element:
//   <script type="module" src="…/live.js" data-live-url="/live" data-live-for="acc_…" data-live-calls="812.2"></script>
// The stream is told what calls the page knows of, and says first whether there are others by now.
// Its messages are JSON, the first with every figure, then at least one every 20 seconds:
//   {"for":"acc_…", "asOf":"14:03", "figures":{"available":"$48.1372 USD"}, "reload":["last-calls"]}
// figures: the text of every element with data-live="key"; data-live-else is for one that figures leave out. reload:
// ids whose content is fetched anew with the page, unless the reader is in it. asOf: what the page says when the stream
// is away.

const script = document.querySelector('script[data-live-url]');
const whose = script.dataset.liveFor ?? '';
const name = `live ${script.dataset.liveUrl} ${whose}`;
const others = new BroadcastChannel(name);
const silence = 45_000, patience = 2_000, mostWait = 60_000;

let letGo, source, quiet, doubt, wait = 1_000, last = {}, state = 'still';

others.onmessage = ({ data }) => {
  if (data.asks && source) others.postMessage({ state, message: last });
  if (data.message) take(data.message);
  if (data.state) show(data.state);
};

addEventListener('visibilitychange', seen);
addEventListener('pagehide', release);
addEventListener('pageshow', seen);
seen();

function seen() {
  if (document.visibilityState === 'hidden') return release();
  if (letGo) return;
  const left = new AbortController();
  letGo = () => left.abort();
  others.postMessage({ asks: true });
  // Without https a browser has no locks, and each visible tab a stream of its own.
  if (!navigator.locks) return open();
  // Held until this tab is hidden; asked for in a queue behind the tab that has it.
  navigator.locks.request(name, { signal: left.signal }, () => new Promise(done => {
    letGo = done;
    open();
  })).catch(() => {});
}

function release() {
  close();
  believe();
  show('still');
  letGo?.();
  letGo = undefined;
}

function open() {
  close();
  source = new EventSource(`${script.dataset.liveUrl}?calls=${script.dataset.liveCalls ?? ''}`);
  source.onmessage = event => {
    wait = 1_000;
    believe();
    listen();
    const message = JSON.parse(event.data);
    last = { ...message, figures: message.figures ?? last.figures, reload: undefined };
    take(message);
    tell('live');
    others.postMessage({ state, message });
  };
  source.onerror = () => {
    // A restart is over in a moment and worth no word.
    doubt ??= setTimeout(() => tell('still'), patience);
    if (source.readyState === EventSource.CLOSED) later();
  };
  listen();
}

function close() {
  source?.close();
  source = undefined;
  clearTimeout(quiet);
}

function believe() {
  clearTimeout(doubt);
  doubt = undefined;
}

/** A line can be dead without saying so. */
function listen() {
  clearTimeout(quiet);
  quiet = setTimeout(() => { tell('still'); later(); }, silence);
}

function later() {
  close();
  quiet = setTimeout(open, wait * (0.75 + Math.random() / 2));
  wait = Math.min(wait * 2, mostWait);
}

function tell(now) {
  show(now);
  others.postMessage({ state });
}

function show(now) {
  state = now;
  for (const mark of document.querySelectorAll('[data-live-state]')) mark.dataset.liveState = state;
}

function take(message) {
  // Somebody else has signed in with this browser: this page is not theirs.
  if (message.for !== undefined && message.for !== whose) return release();
  for (const [key, text] of Object.entries(message.figures ?? {}))
    for (const place of document.querySelectorAll(`[data-live="${CSS.escape(key)}"]`)) put(place, text);
  if (message.figures)
    for (const place of document.querySelectorAll('[data-live-else]'))
      if (!(place.dataset.live in message.figures)) put(place, place.dataset.liveElse);
  if (message.asOf) for (const place of document.querySelectorAll('[data-live-asof]')) place.textContent = message.asOf;
  if (message.reload || stale.size) fetchAnew(message.reload ?? []);
}

function put(place, text) {
  if (place.textContent === text) return;
  place.textContent = text;
  if (place.dataset.liveSign !== undefined) place.classList.toggle('minus', text.startsWith('−'));
  place.classList.remove('moved');
  void place.offsetWidth;
  place.classList.add('moved');
}

const stale = new Set();
let fetching = false, notBefore = 0;

async function fetchAnew(ids) {
  ids.forEach(id => document.getElementById(id) && stale.add(id));
  if (fetching || Date.now() < notBefore || ![...stale].some(free)) return;
  fetching = true;
  try {
    const answer = await fetch(location.href, { cache: 'no-store', headers: { accept: 'text/html', 'x-unseen': '1' } });
    // A page that cannot be looked at has no newer lists; one that cannot be made now is asked for later.
    if (answer.redirected || answer.status < 500 && !answer.ok) stale.clear();
    else if (!answer.ok) notBefore = Date.now() + 10_000;
    else {
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const id of [...stale].filter(free)) {
        stale.delete(id);
        const fresh = page.getElementById(id);
        if (fresh) document.getElementById(id).replaceWith(document.adoptNode(fresh));
        document.dispatchEvent(new Event('swapped'));
      }
    }
  } catch {
    // Away for the moment: the next message asks again.
  } finally {
    fetching = false;
  }
}

/** Nothing moves under the reader's pointer or focus, nor what they have opened or selected. */
function free(id) {
  const place = document.getElementById(id);
  const selection = getSelection();
  return place && !place.matches(':hover, :focus-within, :has(details[open])') && (selection.isCollapsed || !selection.containsNode(place, true));
}

for (const left of ['pointerout', 'focusout'])
  addEventListener(left, () => stale.size && setTimeout(() => fetchAnew([]), 400));
