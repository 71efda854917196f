// The pictures of the README, taken anew: node pictures.mjs BUILD TMP FOLDER. `make pictures` does so.
//
// The page is the one that fihris-serve shows; the terminal is what fihris-search writes to one, with its colours,
// laid out by the browser as terminals lay it out that put right-to-left text in order themselves.

import { execFileSync, spawn } from 'node:child_process';
import { BIN, TMP, need } from './tap.mjs';

const { chromium } = need('playwright-core');
const [FOLDER, CORPUS] = process.argv.slice(4);
const QUERY = 'اسعار القمح والسكر';
const PAGE_QUERY = 'المدينة القديمة';

const index = TMP + '/pictures.index';
execFileSync(BIN + '/fihris-index', ['-q', '-o', index, CORPUS]);

function serve() {
    const child = spawn(BIN + '/fihris-serve', ['--listen', '127.0.0.1:0', '--workers', '1', index],
                        { stdio: ['ignore', 'ignore', 'pipe'] });
    process.on('exit', () => child.kill());
    return new Promise((resolve, reject) => {
        child.on('exit', () => reject(new Error('it does not start')));
        child.stderr.on('data', text => {
            const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
            if (found) resolve(found[0]);
        });
    });
}

// ---- The terminal ----

const STYLES = { 0: '', 1: 'bold', 2: 'dim', 31: 'red' };

// What fihris-search writes, its colours as markup.
function paint(text) {
    const on = new Set();
    return text.split(/\x1b\[([\d;]*)m/).map((piece, i) => {
        if (i % 2 === 0)
            return `<span class="${[...on].join(' ')}">${piece.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</span>`;
        for (const code of piece.split(';').map(Number)) {
            if (code === 0) on.clear();
            else on.add(STYLES[code]);
        }
        return '';
    }).join('');
}

// Each line by its first strong letter, as terminals do.
function terminal(command, text) {
    const lines = text.trimEnd().split('\n').map(line => `<div dir="auto">${line ? paint(line) : '&nbsp;'}</div>`);
    return `<!doctype html><meta charset="utf-8"><style>
        body { margin: 0; background: #fff; }
        pre { margin: 0; padding: 1rem 1.4rem; background: #16171b; color: #e8e8ec; white-space: pre-wrap;
              font: 16px/1.7 "DejaVu Sans Mono", "Noto Sans Arabic", monospace; }
        .bold { font-weight: bold; } .dim { color: #9a9ba6; } .red { color: #ff8a7a; }
    </style><pre><div dir="ltr"><span class="dim">$</span> ${command}</div>${lines.join('')}</pre>`;
}

async function picture(browser, name, viewport, show) {
    const page = await (await browser.newContext({ viewport, colorScheme: 'light' })).newPage();
    await show(page);
    await page.screenshot({ path: `${FOLDER}/${name}.png` });
    await page.close();
}

const url = await serve();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
await picture(browser, 'page', { width: 860, height: 660 }, page =>
    page.goto(url + '?q=' + encodeURIComponent(PAGE_QUERY)));
const told = execFileSync(BIN + '/fihris-search', ['--color', 'always', '--bidi', 'off', '-n', '2', index, QUERY],
                          { encoding: 'utf8' });
await picture(browser, 'terminal', { width: 860, height: 10 }, async page => {
    await page.setContent(terminal(`fihris-search -n 2 sample.index '${QUERY}'`, told));
    const height = await page.evaluate(() => document.querySelector('pre').offsetHeight);
    await page.setViewportSize({ width: 860, height });
});
await browser.close();
process.exit(0);
