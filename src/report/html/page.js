// The page of `verify`: notes come to life when they are looked at; filters, search and keys.
'use strict';
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const root = document.documentElement;

  // Notes. Each lies in a noscript element, which is text here, until it is shown.

  const links = new Map(all('nav li a').map((a) => [a.hash.slice(1), a.parentElement]));
  const notes = all('.note').map((element) => ({
    element,
    body: $('.body', element),
    item: links.get(element.id),
    places: places(element.dataset.places),
    shown: true,
    alive: false,
    text: null,
  }));
  const byId = new Map(notes.map((note) => [note.element.id, note]));

  function places(list) {
    return list.split(' ').filter(Boolean).map((entry) => {
      const [id, kinds, rules] = entry.split(':');
      return { id, kinds: kinds.split('+'), rules: rules.split('+'), hit: false };
    });
  }

  function source(note) {
    return note.alive ? note.body.innerHTML : note.body.textContent;
  }

  function awaken(note) {
    if (note.alive) return;
    const html = source(note);
    note.alive = true;
    note.body.innerHTML = html;
    mark(note);
  }

  for (const note of notes) {
    note.element.style.setProperty('--height', `${note.element.dataset.lines * 1.6 + 4}rem`);
  }
  const seen = new IntersectionObserver((entries) => {
    let awakened = false;
    for (const entry of entries) {
      const note = byId.get(entry.target.id);
      if (entry.isIntersecting && !note.alive) {
        awaken(note);
        awakened = true;
      }
    }
    if (awakened) light();
  }, { rootMargin: '1200px 0px' });
  for (const note of notes) seen.observe(note.element);

  // The browser's own search sees what is awake, so a small page wakes up as a whole.
  const SMALL = 200;
  if (notes.length <= SMALL) {
    const rest = [...notes];
    const next = () => {
      const note = rest.shift();
      if (!note) return;
      awaken(note);
      (window.requestIdleCallback || setTimeout)(next);
    };
    (window.requestIdleCallback || setTimeout)(next);
  }
  addEventListener('beforeprint', () => notes.filter((note) => note.shown).forEach(awaken));

  // Filters

  const chosen = new Set();
  const cause = $('#cause');
  const search = $('#search');
  const whole = $('#whole');
  let words = [];

  const isFiltered = () => chosen.size > 0 || cause.value !== '';
  const fits = (place) =>
    (chosen.size === 0 || place.kinds.some((kind) => chosen.has(kind))) &&
    (cause.value === '' || place.rules.includes(cause.value));
  const PROBLEMS = ['stale', 'failed', 'new', 'not-run', 'gone'];
  const isProblem = (place) => PROBLEMS.includes(place.kinds[0]) && !place.kinds.includes('known');

  function plain(note) {
    const names = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'" };
    note.text ??= `${note.element.firstElementChild.textContent} ${source(note)
      .replace(/<[^>]*>/g, '')
      .replace(/&(?:lt|gt|amp|quot|#39);/g, (name) => names[name])}`.toLowerCase();
    return note.text;
  }

  function mark(note) {
    for (const place of note.places) {
      const id = `${note.element.id}-${place.id}`;
      const hit = isFiltered() && place.hit;
      document.getElementById(id)?.classList.toggle('hit', hit);
      for (const card of all(`[data-of="${id}"]`, note.body)) card.classList.toggle('hit', hit);
    }
  }

  function apply() {
    const filtered = isFiltered();
    let count = 0;
    let shown = 0;
    for (const note of notes) {
      for (const place of note.places) place.hit = filtered ? fits(place) : isProblem(place);
      const found = words.length === 0 || words.every((word) => plain(note).includes(word));
      note.shown = found && (!filtered || note.places.some((place) => place.hit));
      note.element.hidden = !note.shown;
      if (note.item) note.item.hidden = !note.shown;
      if (note.alive) mark(note);
      if (note.shown) {
        shown += 1;
        count += note.places.filter((place) => place.hit).length;
      }
    }
    root.classList.toggle('filtered', filtered && whole.ariaPressed !== 'true');
    whole.hidden = !filtered;
    $('#nothing').hidden = shown > 0;
    const numbers = filtered ? `${count} · ${shown} / ${notes.length}` : `${shown} / ${notes.length}`;
    $('#count').textContent = filtered || words.length > 0 ? numbers : '';
    light();
  }

  for (const button of all('[data-kind]')) {
    button.addEventListener('click', () => {
      const { kind } = button.dataset;
      if (!chosen.delete(kind)) chosen.add(kind);
      button.ariaPressed = String(chosen.has(kind));
      apply();
      toTop();
    });
  }
  cause.addEventListener('change', () => { apply(); toTop(); });
  whole.addEventListener('click', () => {
    whole.ariaPressed = String(whole.ariaPressed !== 'true');
    apply();
  });

  function toTop() {
    const top = $('main').offsetTop - $('#tools').offsetHeight;
    if (scrollY > top) scrollTo(0, top);
    current = null;
  }

  // Search

  let waiting;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 120);
  });
  function look() {
    words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    apply();
  }

  /** Lights up what was searched for in the notes that are awake. */
  function light() {
    if (!window.Highlight || !CSS.highlights) return;
    const MOST = 3000;
    const ranges = [];
    if (words.length > 0) {
      for (const note of notes) {
        if (note.shown && note.alive && ranges.length < MOST) ranges.push(...matches(note));
      }
    }
    if (ranges.length > 0) CSS.highlights.set('found', new Highlight(...ranges));
    else CSS.highlights.delete('found');
  }

  function matches(note) {
    const ranges = [];
    const walker = document.createTreeWalker(note.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.toLowerCase();
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          if (at + word.length > walker.currentNode.length) break;
          const range = new Range();
          range.setStart(walker.currentNode, at);
          range.setEnd(walker.currentNode, at + word.length);
          ranges.push(range);
        }
      }
    }
    return ranges;
  }

  // Going from one to the next

  let current = null;
  /** Scrolls to an element, again for some frames: what lies above takes its real height only when it is drawn. */
  function reach(element, block, frames = 8) {
    element.scrollIntoView({ block });
    if (frames > 0) requestAnimationFrame(() => reach(element, block, frames - 1));
  }

  function stops() {
    return notes.filter((note) => note.shown)
      .flatMap((note) => note.places.filter((place) => place.hit).map((place) => ({ note, place })));
  }

  function element({ note, place }) {
    awaken(note);
    return document.getElementById(`${note.element.id}-${place.id}`);
  }

  /** Where the reader is: at what was reached last as long as it is seen, else at the top of the window. */
  function position(list) {
    const at = list.findIndex((stop) => current && stop.place === current.place);
    if (at >= 0) {
      const box = element(list[at])?.getBoundingClientRect();
      if (box && box.bottom > 0 && box.top < innerHeight) return at;
    }
    const edge = $('#tools').getBoundingClientRect().bottom;
    const above = list.findIndex((stop) => {
      if (stop.note.element.getBoundingClientRect().bottom < edge) return false;
      return (element(stop)?.getBoundingClientRect().top ?? 0) >= edge;
    });
    return above < 0 ? list.length - 0.5 : above - 0.5;
  }

  function step(by) {
    const list = stops();
    if (list.length === 0) return;
    const at = position(list);
    const next = by > 0 ? Math.floor(at) + 1 : Math.ceil(at) - 1;
    const stop = list[Math.min(Math.max(next, 0), list.length - 1)];
    current = stop;
    const target = element(stop);
    if (!target) return;
    const card = $(`[data-of="${target.id}"]`, stop.note.body);
    target.focus({ preventScroll: true });
    reach(card && card.offsetHeight < innerHeight ? card : target, 'center');
    history.replaceState(null, '', `#${target.id}`);
    here(stop.note);
  }

  function stepNote(by) {
    const list = notes.filter((note) => note.shown);
    const edge = $('#tools').getBoundingClientRect().bottom + 24;
    let at = list.findIndex((note) => note.element.getBoundingClientRect().bottom > edge);
    if (at < 0) at = list.length;
    const top = list[at]?.element.getBoundingClientRect().top ?? 0;
    // From within a note the one before is its own beginning.
    const next = by > 0 ? (top > edge ? at : at + 1) : (top < -8 ? at : at - 1);
    goTo(list[Math.min(Math.max(next, 0), list.length - 1)]);
  }

  function goTo(note) {
    if (!note) return;
    awaken(note);
    reach(note.element, 'start');
    note.element.focus({ preventScroll: true });
    here(note);
  }

  function here(note) {
    $('nav li.here')?.classList.remove('here');
    note.item?.classList.add('here');
  }

  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    clearTimeout(waiting);
    look();
    const list = notes.filter((note) => note.shown);
    const after = list.findIndex((note) => note === search.at);
    const note = list[(after + 1) % Math.max(list.length, 1)];
    search.at = note;
    if (!note || words.length === 0) return;
    awaken(note);
    light();
    here(note);
    const found = matches(note)[0]?.startContainer.parentElement;
    reach(found ?? note.element, found ? 'center' : 'start');
  });

  /** A link may lead into a note that is not awake yet. */
  function follow() {
    const id = decodeURIComponent(location.hash.slice(1));
    const note = byId.get(/^n\d+/.exec(id)?.[0]);
    if (!note) return;
    awaken(note);
    reach(document.getElementById(id) ?? note.element, 'start');
    here(note);
  }
  addEventListener('hashchange', follow);

  // Keys

  const dialog = $('#keys');
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    n: () => stepNote(1),
    p: () => stepNote(-1),
    '/': () => { search.focus(); search.select(); },
    w: () => { if (!whole.hidden) whole.click(); },
    '?': () => dialog.showModal(),
    Escape: clear,
  };
  function clear() {
    chosen.clear();
    for (const button of all('[data-kind]')) button.ariaPressed = 'false';
    cause.value = '';
    whole.ariaPressed = 'false';
    search.value = '';
    look();
    document.activeElement?.blur();
  }
  addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const types = target instanceof Element && target.matches('input, select, textarea');
    if ((types && key !== 'Escape') || !Object.hasOwn(keys, key)) return;
    event.preventDefault();
    keys[key]();
  });
  $('#help').addEventListener('click', () => dialog.showModal());

  // Colours

  const button = $('#colours');
  const settings = ['auto', 'light', 'dark'];
  const stored = {
    get() { try { return localStorage.getItem('verify-colours'); } catch { return null; } },
    set(value) { try { localStorage.setItem('verify-colours', value); } catch { /* for this visit only */ } },
  };
  function colour(setting) {
    root.dataset.colours = setting;
    button.textContent = button.dataset[setting];
    button.ariaLabel = `${button.dataset.name}: ${button.textContent}`;
  }
  button.addEventListener('click', () => {
    const next = settings[(settings.indexOf(root.dataset.colours) + 1) % settings.length];
    colour(next);
    stored.set(next);
  });
  colour(settings.includes(stored.get()) ? stored.get() : 'auto');

  $('#tools').hidden = false;
  if (matchMedia('(max-width: 68rem)').matches) $('nav > details').open = false;
  apply();
  if (location.hash) follow();
  root.dataset.ready = '';
})();
