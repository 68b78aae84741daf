// Port spaces as pictures: what is lent, what rests, what strangers hold, what is free.

/** The kinds of ports, in the order in which they are painted: the later one stands on top. */
export const KINDS = [
  ["free", "free"],
  ["kernel", "kept by the kernel"],
  ["reserved", "reserved by an operator"],
  ["rest", "rests"],
  ["cdp", "lent: browsers (CDP)"],
  ["lease", "lent: the gateway and its helpers"],
  ["foreign", "held by a stranger"],
];

let firstBrowser = {};

/** @param {Object<string, number>} offsets from which offset on a layout has its browsers' ports; absent: it has none */
export function layouts(offsets) {
  firstBrowser = offsets;
}

/** {host, instance} as people write it. */
export function nameOf(key) {
  return `${key.host}/${key.instance}`;
}

/** "18789-18899,19000" as pairs of first and last. */
export function ranges(text) {
  if (!text) {
    return [];
  }
  return String(text).split(",").filter(part => part !== "").map(part => {
    const [first, last] = part.split("-").map(Number);
    return [first, last ?? first];
  });
}

/** The ranges of a lease: [first, last, kind]. */
export function leaseRanges(lease) {
  return ranges(lease.footprint).flatMap(([from, to]) => {
    const first = lease.base + from;
    const last = lease.base + to;
    const cdp = lease.base + (firstBrowser[lease.layout] ?? Infinity);
    if (last < cdp) {
      return [[first, last, "lease"]];
    }
    return first >= cdp ? [[first, last, "cdp"]] : [[first, cdp - 1, "lease"], [cdp, last, "cdp"]];
  });
}

export function cdpText(lease) {
  const cdp = leaseRanges(lease).filter(([, , kind]) => kind === "cdp");
  return cdp.length === 0 ? "" : `${cdp[0][0]}–${cdp.at(-1)[1]}`;
}

/** What a whole port map holds: [first, last, kind, words], in painting order. */
export function mapRanges(map) {
  const all = [];
  const put = (list, kind, words) => list.forEach(([first, last]) => all.push([first, last, kind, words]));
  put(ranges(map.kernel), "kernel", "kept by the kernel");
  map.reservations.forEach(one => put(ranges(one.ports), "reserved", `reserved: ${one.name}${one.reason ? ` (${one.reason})` : ""}`));
  map.rests.forEach(rest => put(ranges(rest.ports), "rest", restWords(rest)));
  // A listener that is named below says it better.
  const named = new Set(map.listeners.map(one => one.port));
  put(ranges(map.foreign).filter(([first, last]) => first !== last || !named.has(first)), "foreign", "foreign: a stranger holds it, or may come to hold it");
  map.leases.forEach(lease => leaseRanges(lease).forEach(([first, last, kind]) =>
    all.push([first, last, kind, `${nameOf(lease.holder)}, ${lease.state}, fence ${lease.fence}`])));
  const pool = ranges(map.pool);
  map.listeners.filter(one => pool.some(([first, last]) => one.port >= first && one.port <= last)).forEach(one =>
    all.push([one.port, one.port, "foreign", `${one.command ?? "somebody"}${one.pid ? ` (pid ${one.pid})` : ""} listens on ${one.address}`]));
  return all;
}

function restWords(rest) {
  const why = { released: "given back", lapsed: "its node fell silent", busy: "a stranger was found there" }[rest.reason] ?? rest.reason;
  const who = rest.formerHolder ? ` by ${nameOf(rest.formerHolder)}` : "";
  return `rests for ${Math.ceil(rest.remainingMillis / 1000)} s more: ${why}${who}`;
}

/**
 * Paints ranges into a canvas.
 *
 * @param {HTMLCanvasElement} canvas as wide as its box
 * @param {[number, number]} pool first and last port
 * @param {Array} painted ranges, the later one on top
 * @param {number} lines over how many lines the pool is broken
 */
export function paint(canvas, pool, painted, lines = 1) {
  const scale = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * scale));
  const height = Math.max(1, Math.round(canvas.clientHeight * scale));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(document.documentElement);
  const ports = pool[1] - pool[0] + 1;
  const perLine = Math.ceil(ports / lines);
  const lineHeight = height / lines;
  const gap = lines > 1 ? Math.max(1, lineHeight * 0.15) : 0;
  pen.clearRect(0, 0, width, height);
  for (let line = 0; line < lines; line++) {
    const first = pool[0] + line * perLine;
    const last = Math.min(pool[1], first + perLine - 1);
    pen.fillStyle = style.getPropertyValue("--free");
    pen.fillRect(0, Math.floor(line * lineHeight), (last - first + 1) / perLine * width, Math.floor(lineHeight - gap));
    for (const [from, to, kind] of painted) {
      if (to < first || from > last) {
        continue;
      }
      // Whole pixels: an edge that is half of each colour is the colour of neither.
      const left = Math.floor((Math.max(from, first) - first) / perLine * width);
      const right = Math.floor((Math.min(to, last) - first + 1) / perLine * width);
      pen.fillStyle = style.getPropertyValue(`--${kind}`);
      // A single port must be seen, too; and two neighbours must be told apart.
      pen.fillRect(left, Math.floor(line * lineHeight), Math.max(kind === "foreign" ? 2 * scale : scale, right - left - (right - left > 4 ? scale : 0)), Math.floor(lineHeight - gap));
    }
  }
}
