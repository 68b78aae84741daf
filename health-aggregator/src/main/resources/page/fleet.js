// What the page knows of the fleet. No drawing here.

/** Worst first: that is how people look. */
export const VERDICTS = ["down", "unreachable", "unknown", "degraded", "draining", "maintenance", "starting", "ready"];

/** A mark beside each word, so that colour is never alone. */
export const MARKS = {
  down: "✕", unreachable: "⊘", unknown: "?", degraded: "▲", draining: "▽", maintenance: "◇", starting: "◌", ready: "✓",
};

const MOST_EVENTS = 500;

export class Fleet {
  instances = new Map(); // id -> instance
  problems = new Map(); // key -> problem; the keys sort as the problems are to be dealt with
  summary = null;
  summaryAt = 0;
  observer = null;
  observerAt = 0;
  events = [];

  /** @param {{key: string, item: object, agoMillis: number}} told one thing as it is, or as it is no more */
  take(told) {
    const slash = told.key.indexOf("/");
    const kind = slash < 0 ? told.key : told.key.slice(0, slash);
    const id = told.key.slice(slash + 1);
    const at = performance.now() - told.agoMillis;
    if (kind === "instance") {
      told.item ? this.put(id, told.item, at) : this.drop(id);
    } else if (kind === "problem") {
      told.item ? this.problems.set(id, { ...told.item, at }) : this.problems.delete(id);
    } else if (kind === "fleet") {
      this.summary = told.item;
      this.summaryAt = at;
    }
    // A host is what its gateways are together; and what a newer aggregator tells is not known here.
  }

  /** The whole picture anew: who is not in it is gone. */
  begin(all) {
    const keys = new Set(all.map(told => told.key));
    [...this.instances.keys()].filter(id => !keys.has(`instance/${id}`)).forEach(id => this.drop(id));
    this.problems.clear();
    all.forEach(told => this.take(told));
  }

  observed(observer) {
    this.observer = observer;
    this.observerAt = performance.now();
  }

  put(id, instance, at) {
    const before = this.instances.get(id);
    this.instances.set(id, { ...instance, id, at });
    if (before && before.verdict.state !== instance.verdict.state) {
      this.happened(instance, before.verdict.state, instance.verdict);
    }
  }

  drop(id) {
    const known = this.instances.get(id);
    if (known) {
      this.instances.delete(id);
      this.happened(known, known.verdict.state, { state: "gone", sentence: "It said goodbye, or was forgotten." });
    }
  }

  happened(instance, from, verdict) {
    this.events.unshift({ at: new Date(), id: idOf(instance.key), from, to: verdict.state, sentence: verdict.sentence });
    this.events.length = Math.min(this.events.length, MOST_EVENTS);
  }

  counts() {
    const counts = Object.fromEntries(VERDICTS.map(verdict => [verdict, 0]));
    for (const instance of this.instances.values()) {
      counts[instance.verdict.state]++;
    }
    return counts;
  }

  /** The gateways that match, worst first. */
  gateways(filter, verdict) {
    const wanted = matcher(filter);
    return [...this.instances.values()]
      .filter(one => (verdict === null || one.verdict.state === verdict) && wanted(one))
      .sort((a, b) => VERDICTS.indexOf(a.verdict.state) - VERDICTS.indexOf(b.verdict.state) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  }

  /** The hosts of the gateways that match, by name. */
  hosts(filter, verdict) {
    const hosts = new Map();
    for (const one of this.gateways(filter, verdict)) {
      const host = hosts.get(one.key.host) ?? { id: one.key.host, instances: [], counts: {} };
      hosts.set(host.id, host);
      host.instances.push(one);
      host.counts[one.verdict.state] = (host.counts[one.verdict.state] ?? 0) + 1;
    }
    return [...hosts.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

export function idOf(key) {
  return `${key.host}/${key.instance}`;
}

/** How long ago in the instance's own time, now. */
export function age(millisThen, at) {
  return spoken(millisThen + (performance.now() - at));
}

export function spoken(millis) {
  const seconds = Math.floor(millis / 1000);
  if (seconds < 100) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 100) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** Every word must be found; a number is also looked for among the ports. */
function matcher(filter) {
  const words = filter.toLowerCase().split(/\s+/).filter(word => word !== "");
  if (words.length === 0) {
    return () => true;
  }
  return one => words.every(word => {
    const text = `${one.id} ${one.flavor} ${one.verdict.state} ${one.verdict.reason} ${one.verdict.sentence} ${one.gateway.version ?? ""} ${labelText(one)}`;
    return text.toLowerCase().includes(word) || (/^\d{4,5}$/.test(word) && holds(one.lease, Number(word)));
  });
}

/** "team=a zone=north", as people write labels. */
export function labelText(one) {
  return Object.entries(one.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}=${value}`).join(" ");
}

function holds(lease, port) {
  return Boolean(lease) && lease.footprint.split(",").some(part => {
    const [first, last] = part.split("-").map(Number);
    return port >= lease.base + first && port <= lease.base + (last ?? first);
  });
}
