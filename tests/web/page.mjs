// The page in a browser: without scripts and with them, by keyboard, in both themes and languages, and with articles
// that want to run. Pictures of it stay in BUILD/web.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { BIN, BUILD, TMP, done, equal, index, need, ok } from './tap.mjs';
import { payloads, urls } from './hostile.mjs';

const { chromium } = need('playwright-core');
const axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');

async function serve(path) {
    const child = spawn(BIN + '/fihris-serve', ['--listen', '127.0.0.1:0', '--workers', '1', path],
                        { stdio: ['ignore', 'ignore', 'pipe'] });
    process.on('exit', () => child.kill()); // a test that breaks off leaves nothing behind
    const url = await new Promise((resolve, reject) => {
        child.on('exit', () => reject(new Error('it does not start')));
        child.stderr.on('data', text => {
            const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
            if (found) resolve(found[0]);
        });
    });
    return { url, stop: () => child.kill() };
}

const sample = TMP + '/sample.index';
const mixed = ['شركة OpenAI تعلن عن GPT-5 (نسخة 2.0) في الوزارة', 'iPhone 15: الوزارة تحذر من الإصدار 17.1',
               'Reuters: the ministry (الوزارة) says 3,000 ships', '100% من رخص البناء في الوزارة C++'];
index(sample, Array.from({ length: 36 }, (_, i) => ({
    id: 'n' + i, title: mixed[i % 9] || `الوزارة تعلن الخطة رقم ${i}`, source: ['المرسى', 'صحيفة السوق', 'Gulf News'][i % 3],
    body: 'قالت الوزارة اليوم إن تغيير العنوان يبدأ من شهر مارس، وأضاف الوزير أن رخص البناء تصدر عبر الموقع www.example.org ' +
        'خلال 14 يوما. '.repeat(1 + i % 4),
    date: `202${5 + i % 2}-0${1 + i % 7}-1${i % 9}`, url: i % 5 ? `https://example.org/${i}` : undefined,
})));
const service = await serve(sample);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });

const complaints = []; // of the browser: errors of scripts, and what the policy forbids
async function open(target, options = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(5000);
    page.on('pageerror', error => complaints.push(String(error)));
    page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(service.url + target);
    page.close = () => context.close();
    return page;
}
const titles = page => page.locator('.results h2 a').allTextContents();
const find = text => '?q=' + encodeURIComponent(text);
const total = page => page.locator('#total').textContent();

// ---- Without scripts ----

let page = await open('', { javaScriptEnabled: false });
equal('the language of the page', await page.locator('html').getAttribute('lang'), 'ar');
equal('... and its direction', await page.locator('html').getAttribute('dir'), 'rtl');
await page.fill('#q', 'الوزارة');
await page.click('button');
ok('results without scripts', (await titles(page)).length === 10, await page.content());
ok('... with words that match', await page.locator('.snippet mark').count() > 5);
ok('... Arabic titles begin at the right', await page.locator('.results h2').first().evaluate(title => {
    const words = document.createRange();
    words.selectNodeContents(title);
    return title.getBoundingClientRect().right - words.getBoundingClientRect().right < 2;
}));
const first = await titles(page);
await page.click('.pages a[rel=next]');
ok('the next page', (await titles(page)).length > 0 && !first.includes((await titles(page))[0]));
equal('... is marked', (await page.locator('[aria-current=page]').textContent()).trim(), '2');
await page.goBack();
const all = await total(page);
await page.locator('.sources li a').first().click();
const less = await total(page);
ok('a source narrows the results', less !== all, less);
equal('... to what it said', less.replace(/\D/g, ''),
      (await page.locator('.sources li a span').first().textContent()).replace(/\D/g, ''));
await page.click('.sources .all');
equal('... and all sources widen them again', await total(page), all);
const bar = page.locator('.bars a').first();
const said = (await bar.locator('.sr').textContent()).split(': ');
await bar.click();
equal('a bar narrows the results to its period', (await total(page)).replace(/\D/g, ''), said[1]);
equal('... which the form says', await page.locator('[name=from]').inputValue(), said[0]);
await page.goto(service.url + '?from=yesterday&q=x');
ok('a date that is none is told', (await page.locator('main').textContent()).includes('yesterday'));
await page.goto(service.url + find('قققققق'));
ok('nothing found is told, and what was tried', (await page.locator('main').textContent()).includes('لا ترد في أي مقالة: قققققق'));
equal('... in the language of the page', await page.locator('.notes [lang=en]').count(), 0);
await page.goto(service.url + find('+الوزارة +قققققق') + '&from=2020&to=2021');
const looser = page.locator('.looser li a').last();
ok('what a wider search would find', await looser.isVisible(), await page.content());
const wider = (await looser.locator('span').textContent()).replace(/\D/g, '');
await looser.click();
equal('... it finds', (await total(page)).replace(/\D/g, ''), wider);
await page.goto(service.url + find('الوزارة قققققق'));
ok('a word that an article has not is said', (await page.locator('.results li').first().textContent()).includes('ليس فيه: قققققق'));
await page.goto(service.url + find('الوزراة البناء'));
equal('what was probably meant', await page.locator('.better a').textContent(), 'الوزارة البناء');
await page.click('.better a');
equal('... is asked by a click', await page.locator('#q').inputValue(), 'الوزارة البناء');
await page.goto(service.url + find('+الوزارة +قققققق') + '&lang=en');
ok('in English', /wider search/.test(await page.locator('.looser').textContent()));
await page.close();

const raw = await fetch(service.url + find('"><script>x</script>'), { headers: { 'Accept-Encoding': 'identity' } });
const body = await raw.text();
ok('a query is escaped', !body.includes('<script>x') && body.includes('&quot;&gt;&lt;script&gt;x'));
ok('the policy is strict', /^default-src 'none';/.test(raw.headers.get('Content-Security-Policy')) &&
    !/unsafe|\*/.test(raw.headers.get('Content-Security-Policy')));
equal('a status for what is wrong', (await fetch(service.url + '?first=x')).status, 400);
equal('a parameter nobody knows', (await fetch(service.url + '?x=1')).status, 400);

// ---- With the script ----

page = await open('');
await page.keyboard.press('/');
equal('/ goes to the field', await page.evaluate(() => document.activeElement.id), 'q');
await page.keyboard.type('الو');
await page.waitForSelector('#list li');
ok('suggestions while one types', (await page.locator('#list li').allTextContents()).every(t => t.startsWith('الو')));
ok('half of a word takes nothing away', (await total(page)).startsWith('عدد المقالات'), await total(page));
await page.keyboard.type('زارة');
await page.waitForSelector('.results li');
ok('results while one types', page.url().includes('q='));
await page.keyboard.type(' الع');
await page.waitForSelector('#list li');
ok('... are said to who does not see them', (await page.locator('#said').textContent()).length > 0);
await page.keyboard.press('ArrowDown');
equal('an arrow chooses', await page.locator('#list li[aria-selected=true]').count(), 1);
const chosen = await page.locator('#list li[aria-selected=true]').textContent();
await page.keyboard.press('Enter');
equal('Enter takes it', await page.locator('#q').inputValue(), chosen);
await page.waitForURL(url => url.searchParams.get('q') === chosen);
await page.waitForFunction(() => !document.querySelector('#list').hidden || document.title);
await page.keyboard.press('Escape');
await page.keyboard.press('Escape');
await page.keyboard.press('/');
await page.keyboard.press('ArrowDown');
if (await page.locator('#list').isVisible()) await page.keyboard.press('Escape'), await page.keyboard.press('ArrowDown');
await page.waitForTimeout(50);
ok('an arrow goes to the results', await page.evaluate(() => document.activeElement.matches('.results h2 a')));
await page.keyboard.press('ArrowDown');
equal('... and on', await page.evaluate(() =>
    [...document.querySelectorAll('.results h2 a')].indexOf(document.activeElement)), 1);
await page.keyboard.press('Escape');
equal('Escape goes back', await page.evaluate(() => document.activeElement.id), 'q');
await page.fill('#q', 'تغيير العنوان');
await page.waitForURL(url => url.searchParams.get('q') === 'تغيير العنوان');
ok('the title follows', (await page.title()).startsWith('تغيير العنوان'));
await page.close();

// ---- Languages and digits ----

page = await open(find('الوزارة') + '&lang=en&digits=arab');
equal('English', [await page.locator('html').getAttribute('lang'), await page.locator('html').getAttribute('dir')],
      ['en', 'ltr']);
ok('Arabic digits', /[٠-٩]/.test(await total(page)) && !/[0-9]/.test(await total(page)), await total(page));
await page.click('footer a >> nth=0');
ok('the other language keeps the query', /^عدد النتائج/.test(await total(page)));
ok('... and the digits', /[٠-٩]/.test(await total(page)));
await page.close();

// ---- For everybody ----

const RULES = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of [['desktop', { width: 1200, height: 900 }], ['phone', { width: 360, height: 740 }]]) {
        for (const [name, target] of [['first', ''], ['results', find('الوزارة')], ['options', find('الوزارة') + '&sort=date&lang=en'],
                                      ['nothing', find('قققققق')], ['wider', find('+الوزارة +قققققق')],
                                      ['meant', find('الوزراة العنوان قققققق')], ['wrong', '?from=x']]) {
            page = await open(target, { colorScheme, viewport, bypassCSP: true });
            if (name === 'results') {
                await page.focus('#q');
                await page.keyboard.press('End');
                await page.keyboard.type(' الو');
                await page.waitForSelector('#list li');
            }
            await page.evaluate(axe);
            const { violations } = await page.evaluate(rules => axe.run(document, rules), RULES);
            equal(`no barriers: ${name}, ${size}, ${colorScheme}`,
                  violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 120))]), []);
            ok('... nothing is wider than the screen', await page.evaluate(() =>
                document.documentElement.scrollWidth <= document.documentElement.clientWidth));
            if (name === 'results' && await page.locator('#list').isVisible()) await page.keyboard.press('Escape');
            await page.screenshot({ path: `${BUILD}/web/${name}-${size}-${colorScheme}.png`, fullPage: size === 'desktop' });
            await page.close();
        }
    }
}
page = await open(find('الوزارة'));
await page.emulateMedia({ media: 'print' });
equal('on paper there is no form', await page.locator('form').isVisible(), false);
ok('... but there are results', await page.locator('.results li').first().isVisible());
await page.close();

// ---- How much, how fast ----

let bytes = 0;
page = await open(find('الوزارة'));
for (const target of ['', 'page.css', 'page.js'])
    bytes += (await (await fetch(service.url + (target || find('الوزارة')), { headers: { 'Accept-Encoding': 'identity' } })).arrayBuffer()).byteLength;
ok('at most 40 kB in all', bytes <= 40000, String(bytes));
const times = [];
for (let i = 0; i < 7; i++) {
    await page.goto(service.url + find('الوزارة'));
    times.push(await page.evaluate(() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd));
}
console.log(`# ${bytes} bytes; usable after ${times.map(t => Math.round(t)).join(' ')} ms`);
ok('it can be used soon', Math.min(...times) < 300, times);
await page.close();
equal('the browser has nothing to complain of', complaints.splice(0).filter(text => !/400/.test(text)), []);
service.stop();

// ---- Articles that want to run ----

const hostile = TMP + '/hostile.index';
ok('there are 50 of them', payloads.length >= 50, String(payloads.length));
index(hostile, [
    ...payloads.map((text, i) => ({ id: `${i}${text.replace(/\p{Cc}/gu, '')}`, title: `السفينة ${text}`, body: `وصلت السفينة ${text} إلى الميناء ${text}`,
                                    source: i < 5 ? text : 'x', date: '2026-02-09' })),
    ...urls.map((url, i) => ({ id: 'u' + i, title: 'السفينة', body: 'السفينة', url })),
]);
const bad = await serve(hostile);
const context = await browser.newContext();
page = await context.newPage();
page.setDefaultTimeout(5000);
const asked = [];
let ran = 0;
await page.exposeFunction('ran', () => ran++);
page.on('dialog', dialog => { ran++; dialog.dismiss(); });
page.on('request', request => {
    if (!request.url().startsWith(bad.url) || request.url().includes('/ran')) asked.push(request.url());
});
page.on('console', message => /Content Security Policy/.test(message.text()) && asked.push(message.text()));
const odd = () => page.evaluate(() => [
    ...[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => a.name)).filter(n => /^on|^style$|^srcdoc$/.test(n)),
    ...[...document.querySelectorAll('body script, img, iframe, object, embed, style, base, meta[http-equiv], video, audio, main form, main input')]
        .map(e => e.outerHTML),
    ...[...document.links].map(a => a.href).filter(h => !/^https?:/.test(h)),
]);
let shown = 0;
for (let first = 0; first < payloads.length + urls.length; first += 10) {
    await page.goto(bad.url + find('السفينة') + '&first=' + first);
    shown += (await titles(page)).length;
    equal(`nothing odd on the page from ${first} on`, await odd(), []);
    await page.mouse.move(600, 400);
    await page.mouse.wheel(0, 300);
}
equal('all of them were shown', shown, payloads.length + urls.length);
const texts = [];
for (const text of payloads) {
    await page.goto(bad.url + find('السفينة'));
    await page.fill('#q', text); // typed, and shown again by the script
    await page.waitForTimeout(10);
    await page.goto(bad.url + find('السفينة ' + text));
    if (await page.locator('#q').inputValue() !== 'السفينة ' + text.replace(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/g, ' ')) texts.push(text);
    if ((await odd()).length > 0) texts.push(text);
}
equal('as a query they are text', texts, []);
await page.goto(bad.url);
await page.fill('#q', 'السفينة script');
await page.waitForSelector('.results li');
equal('nothing odd in what the script shows', await odd(), []);
await page.hover('.results h2 a >> nth=0');
await page.waitForTimeout(100);
equal('nothing ran', ran, 0);
equal('nothing else was asked for', asked, []);
await browser.close();
bad.stop();
done();
