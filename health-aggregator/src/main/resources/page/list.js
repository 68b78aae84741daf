// A list of which only the visible rows exist: ten thousand gateways cost as much as thirty.

/**
 * @param {HTMLElement} element scrolls; the rows become its children
 * @param {{height: number, key: (item: object) => string, row: (item: object, row: HTMLElement) => void,
 *     open: (item: object) => void, empty: string}} options `row` fills a row that may have shown another item before
 */
export function virtualList(element, options) {
  const space = document.createElement("div");
  space.className = "space";
  const nothing = document.createElement("p");
  nothing.className = "empty";
  nothing.textContent = options.empty;
  element.append(nothing, space);
  const rows = new Map(); // key -> row on screen
  let items = [];
  let selected = null; // a key: the selection follows its item when the order changes
  let due = false;

  function draw() {
    due = false;
    const first = Math.max(0, Math.floor(element.scrollTop / options.height) - 4);
    const last = Math.min(items.length, Math.ceil((element.scrollTop + element.clientHeight) / options.height) + 4);
    const wanted = new Set();
    for (let i = first; i < last; i++) {
      wanted.add(options.key(items[i]));
    }
    const spare = [];
    for (const [key, row] of rows) {
      if (!wanted.has(key)) {
        rows.delete(key);
        spare.push(row);
      }
    }
    for (let i = first; i < last; i++) {
      const key = options.key(items[i]);
      let row = rows.get(key);
      if (!row) {
        row = spare.pop() ?? fresh();
        rows.set(key, row);
      }
      row.style.top = `${i * options.height}px`;
      row.id = `${element.id}-${i}`;
      row.setAttribute("aria-posinset", i + 1);
      row.setAttribute("aria-setsize", items.length);
      row.setAttribute("aria-selected", key === selected);
      row.dataset.key = key;
      options.row(items[i], row);
    }
    spare.forEach(row => row.remove());
    const at = index();
    if (at >= first && at < last) {
      element.setAttribute("aria-activedescendant", `${element.id}-${at}`);
    } else {
      element.removeAttribute("aria-activedescendant");
    }
  }

  function fresh() {
    const row = document.createElement("div");
    row.setAttribute("role", "option");
    space.append(row);
    return row;
  }

  function later() {
    if (!due) {
      due = true;
      requestAnimationFrame(draw);
    }
  }

  function index() {
    return selected === null ? -1 : items.findIndex(item => options.key(item) === selected);
  }

  function select(at) {
    if (items.length === 0) {
      return;
    }
    const to = Math.max(0, Math.min(items.length - 1, at));
    selected = options.key(items[to]);
    const top = to * options.height;
    if (top < element.scrollTop) {
      element.scrollTop = top;
    } else if (top + options.height > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + options.height - element.clientHeight;
    }
    later();
  }

  function itemAt(event) {
    const row = event.target.closest("[role=option]");
    return row ? items.find(item => options.key(item) === row.dataset.key) : undefined;
  }

  element.addEventListener("scroll", later, { passive: true });
  new ResizeObserver(later).observe(element);
  element.addEventListener("click", event => {
    const item = itemAt(event);
    if (item) {
      selected = options.key(item);
      later();
      options.open(item);
    }
  });
  element.addEventListener("keydown", event => {
    const page = Math.max(1, Math.floor(element.clientHeight / options.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) {
      select(index() < 0 ? 0 : index() + steps[event.key]);
    } else if (event.key === "Enter" && index() >= 0) {
      options.open(items[index()]);
    } else {
      return;
    }
    event.preventDefault();
  });

  return {
    show(next) {
      items = next;
      nothing.hidden = items.length > 0;
      // At once: who selects an item before the next frame scrolls to it.
      space.style.height = `${items.length * options.height}px`;
      later();
    },
    focus() {
      element.focus();
      if (index() < 0) {
        select(0);
      }
    },
  };
}
