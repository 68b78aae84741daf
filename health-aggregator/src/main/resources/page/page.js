// The page: what is heard goes into the Fleet, what is seen is drawn from it. Text from outside is only ever set as text.

import { openFeed } from "./feed.js";
import { Fleet, MARKS, VERDICTS, age, idOf, labelText } from "./fleet.js";
import { virtualList } from "./list.js";
import { KINDS, cdpText, layouts, leaseRanges, mapRanges, paint, ranges } from "./ports.js";

const TOKEN = "gatefleet.token";
const MOST_PROBLEMS = 100;
const $ = id => document.getElementById(id);
const fleet = new Fleet();
let verdict = null; // the pressed tile
let view = "gateways";
let stale = false;
let drawn = 0;
let detail = null; // what the dialog shows: {kind, id}

/** @param {Object<string, string>} [attributes] set as attributes */
function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) {
    made.textContent = text;
  }
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
}

function verdictMark(state) {
  return element("span", `${MARKS[state] ?? "·"} ${state}`, { "data-verdict": state, class: "mark" });
}

async function get(path) {
  const token = sessionStorage.getItem(TOKEN);
  const answer = await fetch(path, { headers: token ? { Authorization: `Bearer ${token}` } : {}, cache: "no-store" });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail ?? `${path}: ${answer.status}`);
  }
  return answer.json();
}

// ---------------------------------------------------------------- lists

const gateways = virtualList($("gateway-list"), {
  height: 32,
  key: one => one.id,
  empty: "No gateway matches.",
  open: one => openDetail("gateway", one.id),
  row(one, row) {
    if (row.className !== "row") {
      row.className = "row";
      row.replaceChildren(...["span", "span", "span", "span", "span", "span"].map(tag => element(tag)));
      row.children[3].className = row.children[4].className = row.children[5].className = "number";
    }
    const [name, state, what, base, cdp, since] = row.children;
    name.replaceChildren(element("b", one.key.instance), " ", element("small", `${one.key.host} · ${one.flavor}`));
    name.title = one.id;
    state.replaceChildren(verdictMark(one.verdict.state));
    what.textContent = one.verdict.sentence;
    what.title = one.verdict.sentence;
    base.textContent = one.lease?.base ?? "";
    cdp.textContent = one.lease ? cdpText(one.lease) : "";
    since.textContent = age(one.verdict.sinceMillisAgo, one.at);
  },
});

const hosts = virtualList($("host-list"), {
  height: 46,
  key: host => host.id,
  empty: "No host matches.",
  open: host => openDetail("host", host.id),
  row(host, row) {
    if (row.className !== "row host") {
      row.className = "row host";
      row.replaceChildren(element("span"), element("canvas"), element("span"));
    }
    const [name, canvas, counts] = row.children;
    name.replaceChildren(element("b", host.id), " ", element("small", `${host.instances.length} gateway${host.instances.length === 1 ? "" : "s"}`));
    counts.replaceChildren(...VERDICTS.filter(state => host.counts[state]).flatMap(state => [
      element("span", `${MARKS[state]} ${host.counts[state]}`, { "data-verdict": state, title: state }), " ",
    ]));
    const leases = host.instances.filter(one => one.lease).map(one => one.lease);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Ports of ${host.id}: ${leases.map(lease => `${lease.holder.instance} from ${lease.base}`).join(", ")}`);
    paint(canvas, poolOf(leases), leases.flatMap(leaseRanges));
  },
});

/** The pool that is drawn where only leases are known: the default one, wider if leases stand outside of it. */
function poolOf(leases) {
  let [first, last] = [18789, 32767];
  for (const lease of leases) {
    first = Math.min(first, lease.base);
    last = Math.max(last, leaseRanges(lease).at(-1)[1]);
  }
  return [first, last];
}

// ---------------------------------------------------------------- drawing

function later() {
  if (drawn === 0) {
    // Once for all that came in this frame; and no more than five times a second, however much is heard.
    drawn = setTimeout(() => {
      drawn = 0;
      requestAnimationFrame(draw);
    }, 100);
  }
}

function draw() {
  const counts = fleet.counts();
  $("tiles").replaceChildren(...VERDICTS.filter(state => counts[state] > 0 || state === verdict).map(state => {
    const tile = element("button", null, { class: "tile", "aria-pressed": String(state === verdict), "data-state": state });
    tile.append(element("b", counts[state].toLocaleString()), verdictMark(state));
    tile.addEventListener("click", () => {
      verdict = verdict === state ? null : state;
      later();
    });
    return tile;
  }));
  drawGlance();
  const filter = $("filter").value;
  if (view === "gateways") {
    const shown = fleet.gateways(filter, verdict);
    gateways.show(shown);
    say(shown.length, fleet.instances.size, "gateway");
  } else if (view === "hosts") {
    const shown = fleet.hosts(filter, verdict);
    hosts.show(shown);
    say(shown.length, new Set([...fleet.instances.values()].map(one => one.key.host)).size, "host");
  } else {
    drawEvents(filter);
  }
  if (detail) {
    drawDetail();
  }
}

function say(shown, all, what) {
  const s = all === 1 ? "" : "s";
  $("shown").textContent = shown === all ? `${all.toLocaleString()} ${what}${s}` : `${shown.toLocaleString()} of ${all.toLocaleString()} ${what}${s}`;
}

function drawGlance() {
  const { summary, observer } = fleet;
  if (!summary || !observer) {
    return;
  }
  $("sentence").textContent = summary.sentence;
  document.title = `${MARKS[worst()]} Gatefleet`;
  const trouble = observer.clusterSafe === false && observer.trouble ? `The aggregator doubts itself: ${observer.trouble}.` : "";
  notice([summary.selfPreservation.on ? summary.selfPreservation.why : "", observer.learning ?? "", trouble].filter(words => words !== "").join(" "));
  $("observer").textContent = `Seen by an aggregator that has looked for ${age(observer.startedMillisAgo, fleet.observerAt)}; last word ${age(observer.pictureAgeMillis, fleet.observerAt)} ago; `
    + `${observer.members} member${observer.members === 1 ? "" : "s"}; timer ${observer.eventLoopLagMillis} ms late`
    + `${observer.clockJumps ? `; its clock was set ${observer.clockJumps} times` : ""}.`;
  $("problems").hidden = fleet.problems.size === 0;
  const problems = [...fleet.problems.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
  $("problem-list").replaceChildren(...problems.slice(0, MOST_PROBLEMS).map(problem => {
    const item = element("li", null, { class: "problem", "data-severity": problem.severity });
    const title = element("button", problem.sentence);
    title.addEventListener("click", () => show("gateways", problem.affected.length === 1 ? idOf(problem.affected[0]) : `${problem.host ?? ""} ${problem.code}`.trim()));
    item.append(element("small", `${problem.severity} · since ${age(problem.sinceMillisAgo, problem.at)} · ${problem.affectedCount} gateway${problem.affectedCount === 1 ? "" : "s"} `),
      title, element("p", problem.next, { class: "next" }));
    return item;
  }));
}

function worst() {
  const counts = fleet.counts();
  return VERDICTS.find(state => counts[state] > 0) ?? "ready";
}

function notice(words) {
  $("notice").hidden = words === "";
  $("notice").textContent = words;
}

function drawEvents(filter) {
  const words = filter.toLowerCase().split(/\s+/).filter(word => word !== "");
  const shown = fleet.events.filter(event => words.every(word => `${event.id} ${event.from} ${event.to} ${event.sentence}`.toLowerCase().includes(word)));
  $("shown").textContent = `${shown.length} event${shown.length === 1 ? "" : "s"} since this page looks`;
  if (shown.length === 0) {
    $("event-list").replaceChildren(element("li", "Nothing has changed since this page began to look.", { class: "empty" }));
    return;
  }
  $("event-list").replaceChildren(...shown.map(event => {
    const item = element("li");
    const change = element("span");
    change.append(verdictMark(event.from), " → ", verdictMark(event.to));
    item.append(element("time", event.at.toLocaleTimeString(), { datetime: event.at.toISOString() }), element("b", event.id), change, element("span", event.sentence));
    return item;
  }));
}

// ---------------------------------------------------------------- one gateway, one host

function openDetail(kind, id) {
  detail = { kind, id };
  $("detail-body").replaceChildren();
  drawDetail();
  if (!$("detail").open) {
    $("detail").showModal();
  }
  if (kind === "host") {
    drawHost(id);
  }
  refreshDetail();
}

/** Beats that change nothing are no events: who looks into a gateway sees its ages fresh all the same. */
function refreshDetail() {
  if (detail?.kind === "host") {
    loadPorts(detail.id);
  } else if (detail) {
    const asked = detail;
    get(`/v1/fleet/instances/${asked.id.split("/").map(encodeURIComponent).join("/")}`)
      .then(instance => {
        asked.seen = { ...instance, id: asked.id, at: performance.now() };
        later();
      })
      .catch(() => {
        asked.seen = undefined;
      });
  }
}

function drawDetail() {
  // A host's ports are asked for, and drawn when they come.
  if (detail.kind === "gateway") {
    drawGateway(detail.seen ?? fleet.instances.get(detail.id));
  }
}

function list(rows) {
  const made = element("dl");
  rows.filter(([, value]) => value !== undefined && value !== null && value !== "").forEach(([name, value]) =>
    made.append(element("dt", name), element("dd", String(value))));
  return made;
}

function signal(title, what, rows) {
  const box = element("section", null, { class: "signal" });
  box.append(element("h3", title), element("p", what, { class: "what" }), list(rows));
  return box;
}

function drawGateway(one) {
  $("detail-title").textContent = detail.id;
  if (!one) {
    $("detail-body").replaceChildren(element("p", "It said goodbye, or was forgotten.", { class: "empty" }));
    return;
  }
  const { node, gateway, lease } = one;
  const head = element("p");
  head.append(verdictMark(one.verdict.state), ` for ${age(one.verdict.sinceMillisAgo, one.at)}: ${one.verdict.sentence} `, element("small", `(${one.verdict.reason})`));
  const signals = element("div", null, { class: "signals" });
  signals.append(
    signal("1 · Its node's word", node.suspect ? "suspect: silent for too long" : `heard ${age(node.heardMillisAgo, one.at)} ago`,
      [["guard", node.guard], ["memory", mebibytes(node.residentBytes)]]),
    signal("2 · The process", gateway.state,
      [["pid", gateway.pid], ["version", gateway.version], ["for", age(gateway.stateForMillis, one.at)], ["restarts", gateway.restarts],
        ["restarts inside", gateway.restartsInProcess], ["last exit code", gateway.exitCode], ["memory", mebibytes(gateway.residentBytes)], ["boot id", gateway.bootId]]),
    signal("3 · The probe", !gateway.probe ? "not asked yet" : gateway.probe.ready ? "ready" : gateway.probe.live ? "answers, not ready" : "does not answer",
      gateway.probe ? [["took", `${gateway.probe.tookMillis} ms`], ["failing", gateway.probe.failing.join(", ")], ["says", gateway.probe.detail]] : []));
  const body = [head, signals];
  if (gateway.findings.length > 0) {
    body.push(element("h3", "What its node finds"));
    gateway.findings.forEach(finding => body.push(list([[finding.code, finding.detail]])));
  }
  if (lease) {
    body.push(element("h3", "Its lease"), list([
      ["ports", leaseRanges(lease).map(([first, last, kind]) => `${first}–${last} (${KINDS.find(([name]) => name === kind)[1]})`).join(", ")],
      ["layout", lease.layout], ["state", lease.state], ["fence", lease.fence], ["incarnation", lease.incarnation]]));
  }
  body.push(list([["labels", labelText(one)], ["restlessness", `${Math.round(one.flapScore * 100)} % of the last checks changed${one.flapping ? ": flapping" : ""}`]]));
  $("detail-body").replaceChildren(...body);
}

function mebibytes(bytes) {
  return bytes ? `${Math.round(bytes / 1048576)} MiB` : undefined;
}

let portMap = null; // {host, map} or {host, trouble}

async function loadPorts(host) {
  try {
    portMap = { host, map: await get(`/v1/fleet/hosts/${encodeURIComponent(host)}/ports`) };
  } catch (cause) {
    portMap = { host, trouble: cause.message };
  }
  if (detail?.kind === "host" && detail.id === host) {
    drawHost(host);
  }
}

function drawHost(host) {
  $("detail-title").textContent = host;
  if (portMap?.host !== host) {
    $("detail-body").replaceChildren(element("p", "Asking the port-allocator…", { class: "empty" }));
    return;
  }
  if (portMap.trouble) {
    $("detail-body").replaceChildren(element("p", `The port-allocator cannot be asked: ${portMap.trouble}`, { class: "empty" }));
    return;
  }
  const { map } = portMap;
  const painted = mapRanges(map);
  const pool = ranges(map.pool);
  const span = [pool[0][0], pool.at(-1)[1]];
  const lines = Math.min(14, Math.max(1, Math.ceil((span[1] - span[0] + 1) / 1000)));
  const picture = element("canvas", null, { role: "img", "aria-label": `Port map of ${host}; the table below says the same` });
  picture.style.height = `${lines * 22}px`;
  const table = element("table");
  table.append(element("caption", "Ports that are not free", { class: "quiet" }));
  const head = element("tr");
  head.append(element("th", "Ports", { scope: "col" }), element("th", "What", { scope: "col" }), element("th", "Who and why", { scope: "col" }));
  table.append(head);
  [...painted].sort((a, b) => a[0] - b[0]).forEach(([first, last, kind, words]) => {
    const row = element("tr");
    row.append(element("td", first === last ? first : `${first}–${last}`), element("td", KINDS.find(([name]) => name === kind)[1]), element("td", words));
    table.append(row);
  });
  const box = element("div", null, { class: "ports" });
  const legend = $("legend").cloneNode(true);
  legend.removeAttribute("id");
  box.append(element("p", `Pool ${map.pool}. The allocator's book of this moment.`), picture, legend, table);
  $("detail-body").replaceChildren(box);
  paint(picture, span, painted, lines);
}

// ---------------------------------------------------------------- keys, views

function show(next, filter) {
  view = next;
  if (filter !== undefined) {
    $("filter").value = filter;
    verdict = null;
  }
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const on = tab.getAttribute("aria-controls") === view;
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on ? 0 : -1;
    $(tab.getAttribute("aria-controls")).hidden = !on;
  }
  draw();
}

const VIEWS = ["gateways", "hosts", "events"];
document.querySelectorAll("[role=tab]").forEach(tab => tab.addEventListener("click", () => show(tab.getAttribute("aria-controls"))));
$("tabs").addEventListener("keydown", event => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) {
    show(VIEWS[(VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length]);
    document.querySelector("[role=tab][aria-selected=true]").focus();
    event.preventDefault();
  }
});
$("filter").addEventListener("input", later);
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("detail").open || $("access").open) {
    return;
  }
  if (event.key === "Escape") {
    $("filter").value = "";
    verdict = null;
    focusList();
    later();
  } else if (event.target instanceof HTMLInputElement) {
    if (event.key === "Enter" || event.key === "ArrowDown") {
      focusList();
      event.preventDefault();
    }
  } else if (event.key === "/") {
    $("filter").focus();
    $("filter").select();
    event.preventDefault();
  } else if (["1", "2", "3"].includes(event.key)) {
    show(VIEWS[Number(event.key) - 1]);
    focusList();
  }
});

function focusList() {
  if (view === "gateways") {
    gateways.focus();
  } else if (view === "hosts") {
    hosts.focus();
  }
}

$("detail").addEventListener("close", () => {
  detail = null;
  focusList();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
setInterval(() => {
  // Ages grow by themselves. What is not seen needs none.
  if (!document.hidden && !stale) {
    later();
  }
}, 1000);
setInterval(() => {
  if (!document.hidden) {
    refreshDetail();
  }
}, 2000);
document.addEventListener("visibilitychange", later);

$("legend").append(...KINDS.map(([kind, words]) => {
  const item = element("span");
  const colour = element("i");
  colour.style.background = `var(--${kind})`;
  item.append(colour, words);
  return item;
}));

// ---------------------------------------------------------------- listening

let fresh = null; // a picture that is not whole yet: until it is, the last whole one is shown

function heard(type, data) {
  if (type === "snapshot") {
    fresh?.push(...data.items);
    return;
  }
  if (type === "synced") {
    fleet.begin(fresh ?? []);
    fresh = null;
    fleet.observed(data);
  } else if (type === "alive") {
    fleet.observed(data);
  } else if (data.key) {
    fleet.take(data);
  }
  later();
}

function listen() {
  openFeed("/v1/fleet/watch", {
    token: () => sessionStorage.getItem(TOKEN),
    event: heard,
    restart() {
      fresh = [];
    },
    state(state, words) {
      $("connection").dataset.state = state === "forbidden" ? "lost" : state;
      $("connection").textContent = state === "lost" ? `connection lost (${words}); trying again` : words;
      stale = state !== "live";
      document.body.toggleAttribute("data-stale", stale);
      if (state === "forbidden") {
        askForToken();
      }
    },
  });
}

function askForToken() {
  $("access").showModal();
  $("token").value = "";
  $("token").focus();
}

$("access-form").addEventListener("submit", () => {
  sessionStorage.setItem(TOKEN, $("token").value.trim());
  listen();
});

get("/page/browsers.json").then(layouts).catch(() => {}).finally(listen);
