// The fleet's live events, over fetch and not EventSource: that one can carry no token, and hides why it failed.

const FIRST_PATIENCE_MILLIS = 35_000; // an aggregator says that it is alive every 30 s at the latest
const LONGEST_PAUSE_MILLIS = 10_000;

/**
 * Reads server-sent events until told to stop, again and again, and resumes where it was cut off.
 *
 * @param {string} url
 * @param {{token: () => string | null, event: (type: string, data: object) => void, restart: () => void,
 *     state: (state: "waiting" | "live" | "lost" | "forbidden", words: string) => void}} on `restart`: what was heard
 *     is no longer the beginning of what comes
 */
export function openFeed(url, on) {
  let lastId = null;
  let failures = 0;
  let stopped = false;
  let cut = null;
  let patience = FIRST_PATIENCE_MILLIS;
  let aliveAt = null;

  async function run() {
    while (!stopped) {
      try {
        await once();
        failures = 0;
      } catch (cause) {
        if (stopped) {
          return;
        }
        if (cause.status === 401 || cause.status === 403) {
          on.state("forbidden", cause.message);
          return;
        }
        if (cause.status === 410) {
          // What happened since is not kept any more: begin anew, at once.
          lastId = null;
          on.restart();
          continue;
        }
        failures++;
        on.state("lost", cause.message);
      }
      if (failures > 0) {
        const pause = Math.min(LONGEST_PAUSE_MILLIS, 250 * 2 ** Math.min(failures, 6));
        // Many pages lose the same server at the same moment.
        await new Promise(done => setTimeout(done, pause * (0.5 + Math.random())));
      }
    }
  }

  async function once() {
    const abort = new AbortController();
    cut = () => abort.abort();
    aliveAt = null;
    const headers = { Accept: "text/event-stream" };
    const token = on.token();
    if (token) {
      headers.Authorization = `Bearer ${token}`;
    }
    if (lastId !== null) {
      headers["Last-Event-ID"] = lastId;
    } else {
      on.restart();
    }
    let alarm = setTimeout(cut, patience);
    const closed = new Error("it was closed");
    try {
      const answer = await fetch(url, { headers, signal: abort.signal, cache: "no-store" });
      if (!answer.ok) {
        throw Object.assign(new Error(`the aggregator answered ${answer.status}`), { status: answer.status });
      }
      on.state("live", "live");
      failures = 0;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          throw closed;
        }
        clearTimeout(alarm);
        alarm = setTimeout(cut, patience);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        blocks.forEach(take);
      }
    } catch (cause) {
      if (cause.status || cause === closed) {
        throw cause;
      }
      throw new Error(abort.signal.aborted ? "nothing is heard any more" : "nobody answers");
    } finally {
      clearTimeout(alarm);
    }
  }

  function take(block) {
    let type = "message";
    let data = "";
    let id = null;
    for (const line of block.split("\n")) {
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") {
        type = value;
      } else if (field === "data") {
        data += data === "" ? value : `\n${value}`;
      } else if (field === "id") {
        id = value;
      }
    }
    if (type === "alive") {
      // Three of its own pauses are silence.
      const now = performance.now();
      patience = aliveAt === null ? patience : Math.max(3_000, 3 * (now - aliveAt));
      aliveAt = now;
    }
    if (data !== "") {
      on.event(type, JSON.parse(data));
    }
    // Only what was taken whole counts as heard.
    if (id !== null) {
      lastId = id;
    }
  }

  run();
  return {
    stop() {
      stopped = true;
      cut?.();
    },
  };
}
