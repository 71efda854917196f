// Makes the page quick: results and suggestions while one types, and the keyboard. All of it works without.
'use strict';

const PAUSE = 150; // milliseconds without a key until one is asked for
const form = document.querySelector('form');
const q = document.getElementById('q');
const list = document.getElementById('list');
const said = document.getElementById('said');
let timer = 0;
let asking = null; // what stops the requests under way
let chosen = -1;

// ---- Results: the same page is asked for, and what differs is taken from it ----

function take(text) {
    const page = new DOMParser().parseFromString(text, 'text/html');
    for (const part of ['main', 'footer']) {
        const fresh = page.querySelector(part);
        if (fresh) document.querySelector(part).replaceChildren(...fresh.childNodes);
    }
    document.title = page.title;
    const total = document.getElementById('total');
    said.textContent = total ? total.textContent : '';
}

function address() {
    const data = new FormData(form);
    const pairs = [...data].filter(([name, value]) => value !== '' && !(name === 'sort' && value === 'relevance'));
    return '?' + new URLSearchParams(pairs);
}

// ---- Suggestions ----

function close() {
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    q.setAttribute('aria-expanded', 'false');
    q.removeAttribute('aria-activedescendant');
}

function choose(at) {
    const items = list.children;
    if (items.length === 0) return;
    chosen = (at + items.length + 1) % (items.length + 1);
    for (let i = 0; i < items.length; i++) items[i].setAttribute('aria-selected', String(i === chosen));
    if (chosen < items.length) q.setAttribute('aria-activedescendant', items[chosen].id);
    else q.removeAttribute('aria-activedescendant');
}

function offer(suggestions) {
    close();
    if (document.activeElement !== q) return;
    for (const [i, one] of suggestions.entries()) {
        if (one.text === q.value.trim()) continue;
        const item = document.createElement('li');
        item.id = 'suggestion-' + i;
        item.role = 'option';
        item.dir = 'auto';
        item.textContent = one.text;
        item.setAttribute('aria-selected', 'false');
        list.append(item);
    }
    list.hidden = list.children.length === 0;
    q.setAttribute('aria-expanded', String(!list.hidden));
}

// ---- Asking ----

async function ask() {
    const target = address();
    const text = q.value;
    if (asking) asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
        const [page, words] = await Promise.all([
            fetch('./' + target, { signal }),
            text.trim() ? fetch('v1/suggest?n=6&q=' + encodeURIComponent(text), { signal }) : null]);
        const html = page.headers.get('Content-Type').startsWith('text/html') ? await page.text() : '';
        const ways = words && words.ok ? (await words.json()).suggestions : [];
        offer(ways);
        // A word that is not finished finds nothing as yet: what was found before stays.
        if (html && (ways.length === 0 || html.includes('class="results"'))) {
            take(html);
            history.replaceState(null, '', target);
        }
    } catch (error) {
        if (error.name !== 'AbortError') close();
    }
}

function use(item) {
    q.value = item.textContent;
    close();
    clearTimeout(timer);
    ask();
}

q.setAttribute('role', 'combobox');
q.setAttribute('aria-controls', 'list');
q.setAttribute('aria-autocomplete', 'list');
q.setAttribute('aria-expanded', 'false');

form.addEventListener('input', event => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
});
list.addEventListener('mousedown', event => {
    event.preventDefault();
    if (event.target.role === 'option') use(event.target);
});
q.addEventListener('blur', close);
form.addEventListener('submit', () => clearTimeout(timer));

// ---- Keyboard ----

q.addEventListener('keydown', event => {
    if (event.isComposing) return;
    if (event.key === 'Escape') {
        if (list.hidden) q.blur();
        else close();
        clearTimeout(timer);
        event.preventDefault();
    } else if (event.key === 'Enter' && chosen >= 0 && chosen < list.children.length) {
        use(list.children[chosen]);
        event.preventDefault();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        const down = event.key === 'ArrowDown';
        if (!list.hidden) choose(chosen < 0 && !down ? -2 : chosen + (down ? 1 : -1));
        else if (down) move(0);
        event.preventDefault();
    }
});

// Go to result number AT; before the first is the field.
function move(at) {
    const links = document.querySelectorAll('.results h2 a');
    if (at < 0) q.focus();
    else if (links.length > 0) links[Math.min(at, links.length - 1)].focus();
}

document.addEventListener('keydown', event => {
    const now = event.target; // not where the focus is: a key in the field may have moved it
    if (event.ctrlKey || event.altKey || event.metaKey || now.matches('input, select, textarea')) return;
    if (event.key === '/') {
        q.focus();
        q.select();
        event.preventDefault();
        return;
    }
    const at = [...document.querySelectorAll('.results h2 a')].indexOf(now);
    if (at < 0) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        move(at + (event.key === 'ArrowDown' ? 1 : -1));
        event.preventDefault();
    } else if (event.key === 'Escape') {
        q.focus();
    }
});
