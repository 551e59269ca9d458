// The live state by server-sent events. Connects again by itself, whatever happened to the application.

const AGAIN_AFTER = 700;
const SILENCE = 15_000;
const LONG = 45_000;

// Unknown is absent, however it is written.
const read = (json) => JSON.parse(json, (key, value) => value ?? undefined);

export function follow({ onState, onLink }) {
  let source;
  let timer;
  let watchdog;
  let lostSince;
  let last;

  function tell(json) {
    const state = read(json);
    const newer = !last || Date.parse(state.at) > Date.parse(last);
    last = state.at;
    onState(state);
    return newer;
  }

  function heard() {
    lostSince = undefined;
    onLink("live");
    clearTimeout(watchdog);
    watchdog = setTimeout(ask, SILENCE);
  }

  // Without changes no event comes, and heartbeats are comments, which a page never sees: so ask.
  async function ask() {
    try {
      const response = await fetch("live/state", { cache: "no-store", signal: AbortSignal.timeout(5000) });
      if (!response.ok) {
        throw new Error(`status ${response.status}`);
      }
      if (tell(await response.text())) {
        // It should have come by itself: the stream is open at this end only.
        open();
      }
      heard();
    }
    catch {
      lost();
    }
  }

  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource("live");
    source.addEventListener("state", (event) => {
      tell(event.data);
      heard();
    });
    source.onerror = lost;
  }

  function lost() {
    source?.close();
    clearTimeout(watchdog);
    clearTimeout(timer);
    lostSince ??= Date.now();
    onLink((Date.now() - lostSince > LONG) ? "gone" : "lost");
    timer = setTimeout(open, AGAIN_AFTER);
  }

  // A page that comes back from the browser's cache has a dead stream.
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
}
