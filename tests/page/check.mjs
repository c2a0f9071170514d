// Opens pages in headless Chromium and holds them to what docs/page.md says.
//
//   node check.mjs CHROMIUM PAGE HOSTILE_PAGE PRINTED
//
// PAGE is made from tests/fixtures/page, HOSTILE_PAGE from a note that tries to run something.
// PRINTED is where a PDF of PAGE goes. The first thing that is not so ends it with a message.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const [chromium, good, hostile, printed] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox'] });

/** Opens a page; whatever it complains of, asks for or pops up is kept. */
async function open(file, { script = true, dark = false, width = 1400 } = {}) {
  const page = await browser.newPage();
  const complaints = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    const address = request.url();
    if (address !== pathToFileURL(file).href && !address.startsWith('data:')) complaints.push(`request: ${address}`);
  });
  await page.evaluateOnNewDocument(() => {
    window.violations = [];
    addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
  });
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
  await page.goto(pathToFileURL(file).href);
  if (script) await page.waitForSelector('[data-ready]');
  return { page, complaints };
}

/** Waits until every note is awake. */
const awake = (page) =>
  page.waitForFunction(() => document.querySelectorAll('.body > noscript').length === 0);

const visible = (page, selector) =>
  page.$$eval(selector, (all) => all.filter((one) => one.checkVisibility()).map((one) => one.id));

async function step(name, run) {
  await run();
  console.log(`ok ${name}`);
}

async function nothingFromOutside({ page, complaints }) {
  assert.deepEqual(complaints, []);
  assert.deepEqual(await page.evaluate(() => window.violations), []);
}

async function passesAxe(page) {
  await awake(page);
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    for (const note of document.querySelectorAll('.note')) note.style.contentVisibility = 'visible';
    for (const closed of document.querySelectorAll('details')) closed.open = true;
    const { violations } = await window.axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  });
  assert.deepEqual(violations, []);
}

await step('a page opens without a complaint and loads nothing', async () => {
  const opened = await open(good);
  await awake(opened.page);
  await nothingFromOutside(opened);
  const kinds = await opened.page.$$eval('#tools [data-kind]', (all) => all.map((one) => one.dataset.kind));
  assert.deepEqual(kinds, ['stale', 'failed', 'new', 'gone', 'warning', 'known', 'skipped', 'pass']);
  await opened.page.close();
});

await step('problems stand below their lines', async () => {
  const { page } = await open(good);
  await awake(page);
  const line = await page.$eval('.card.error', (card) => card.previousElementSibling.lastElementChild.dataset.n);
  assert.equal(line, '17');
  assert.match(await page.$eval('.card.error .what', (what) => what.textContent), /gives a float.*py2-integer-division/);
  assert.deepEqual(await page.$$eval('.diff del', (all) => all.map((one) => one.textContent)), ['7']);
  assert.deepEqual(await page.$$eval('.diff ins', (all) => all.map((one) => one.textContent)), ['9']);
  assert.match(await page.$eval('.remark', (remark) => document.body.textContent), /needs-module: a_module_that_nobody_has/);
  await page.close();
});

await step('filters leave what they name', async () => {
  const { page } = await open(good);
  await page.click('[data-kind="failed"]');
  assert.deepEqual(await visible(page, '.note'), ['n1']);
  assert.deepEqual(await visible(page, '.block[id]'), ['n1-L47']);
  assert.equal(await page.$eval('#count', (count) => count.textContent), '1 · 1 / 2');
  await page.click('#whole');
  assert.ok((await visible(page, '.block[id]')).length > 5);
  await page.keyboard.press('Escape');
  assert.equal((await visible(page, '.note')).length, 2);
  await page.select('#cause', 'dict-has-key');
  assert.deepEqual(await visible(page, '.note'), ['n2']);
  assert.deepEqual(await visible(page, '.block[id]'), ['n2-L9']);
  await page.close();
});

await step('the search finds notes and lights up words', async () => {
  const { page } = await open(good);
  await page.keyboard.press('/');
  await page.keyboard.type('可以分成');
  await page.waitForFunction(() => document.querySelectorAll('.note:not([hidden])').length === 1);
  await page.waitForFunction(() => CSS.highlights.get('found')?.size === 1);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('nav li.here'));
  await page.$eval('#search', (search) => { search.value = ''; });
  await page.type('#search', 'figcaption');
  await page.waitForFunction(() => !document.querySelector('#nothing').hidden);
  assert.deepEqual(await visible(page, '.note'), []);
  await page.close();
});

await step('the keys go from problem to problem and from note to note', async () => {
  const { page } = await open(good);
  const at = () => page.evaluate(() => document.activeElement.id);
  const went = [];
  for (const key of 'jjjjjjjjjk') {
    await page.keyboard.press(key);
    went.push(await at());
  }
  assert.deepEqual(went, [
    'n1-L17', 'n1-L26', 'n1-M32', 'n1-L35', 'n1-L47', 'n1-L53', 'n2-L9', 'n2-L16', 'n2-L22', 'n2-L16',
  ]);
  await page.evaluate(() => scrollTo(0, 0));
  await page.keyboard.press('n');
  await page.keyboard.press('n');
  assert.equal(await at(), 'n2');
  await page.keyboard.press('p');
  assert.equal(await at(), 'n1');
  await page.keyboard.press('?');
  assert.ok(await page.$eval('#keys', (dialog) => dialog.open));
  await page.keyboard.press('Escape');
  assert.ok(!(await page.$eval('#keys', (dialog) => dialog.open)));
  await page.close();
});

await step('links lead to notes and their headings', async () => {
  const { page } = await open(good);
  await awake(page);
  await page.$$eval('.body a', (links) => links.find((link) => link.textContent === 'the Chinese note').click());
  await page.waitForFunction(() => document.querySelector('nav li.here a')?.hash === '#n2');
  assert.equal(await page.evaluate(() => decodeURIComponent(location.hash)), '#n2-字典');
  assert.equal(await page.$eval('[id="n2-字典"]', (heading) => heading.textContent), '字典');
  const picture = await page.$eval('.body a:has(.picture)', (link) => link.getAttribute('href'));
  assert.equal(picture, 'notes/plots/one.png');
  await page.close();
});

await step('Chinese lines are joined without a blank, and named as Chinese', async () => {
  const { page } = await open(good);
  await awake(page);
  assert.match(await page.$eval('#n2 .body', (body) => body.textContent), /一段话可以分成两行/);
  assert.equal(await page.$eval('#n2 .body', (body) => body.lang), 'zh-CN');
  assert.equal(await page.$eval('#n1 .body', (body) => body.lang), 'en');
  await page.close();
});

await step('everything can be read without a script', async () => {
  const { page, complaints } = await open(good, { script: false });
  assert.deepEqual(complaints, []);
  const text = await page.$eval('main', (main) => main.textContent);
  for (const part of ['gives a float', '笔记写的是', 'Nothing is recorded for this', 'verify fix notes/english.md:17']) {
    assert.ok(text.includes(part), part);
  }
  assert.deepEqual(await visible(page, '#tools'), []);
  await page.close();
});

for (const dark of [false, true]) {
  for (const width of [1400, 390]) {
    await step(`axe finds nothing, ${dark ? 'dark' : 'light'}, ${width} wide`, async () => {
      const { page } = await open(good, { dark, width });
      const paper = await page.$eval('body', (body) => getComputedStyle(body).backgroundColor);
      assert.equal(paper, dark ? 'rgb(23, 24, 27)' : 'rgb(253, 252, 250)');
      await passesAxe(page);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'wider than the window');
      await page.close();
    });
  }
}

await step('the colours can be chosen', async () => {
  const { page } = await open(good, { dark: true });
  await page.click('#colours');
  assert.equal(await page.$eval('body', (body) => getComputedStyle(body).backgroundColor), 'rgb(253, 252, 250)');
  await passesAxe(page);
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.colours), 'light');
  await page.evaluate(() => localStorage.clear());
  await page.close();
});

await step('what is printed has the notes alone', async () => {
  const { page } = await open(good);
  await page.emulateMediaType('print');
  assert.deepEqual(await visible(page, '#tools, nav, #keys'), []);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal((await page.$$('.body > noscript')).length, 0);
  await page.pdf({ path: printed, format: 'A4' });
  await page.close();
});

await step('nothing of a hostile note runs, loads or leads away', async () => {
  const opened = await open(hostile);
  const { page } = opened;
  await awake(page);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
  await nothingFromOutside(opened);
  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll('*')];
    const attributes = all.flatMap((one) => [...one.attributes].map((attribute) => [one, attribute]));
    const links = all.filter((one) => one.hasAttribute('href') && one.tagName === 'A').map((one) => one.protocol);
    return {
      ran: String(window.ran),
      scripts: document.scripts.length,
      frames: document.querySelectorAll('iframe, object, embed, svg, base, meta[http-equiv="refresh"], body style, form:not([method="dialog"])').length,
      handlers: attributes.filter(([, { name }]) => /^on|^style$/i.test(name) && name !== 'style').length,
      styles: document.querySelectorAll('.body [style]').length,
      links: [...new Set(links)].sort(),
      pictures: [...document.images].map((image) => image.src.slice(0, 22)),
      notes: document.querySelectorAll('main > .note').length,
    };
  });
  assert.deepEqual(found, {
    ran: 'undefined',
    scripts: 1,
    frames: 0,
    handlers: 0,
    styles: 0,
    links: ['file:', 'https:', 'mailto:'],
    pictures: ['data:image/png;base64,', 'data:image/png;base64,'],
    notes: 2,
  });
  const text = await page.$eval('main', (main) => main.textContent);
  for (const part of ['<script>ran = 1</script>', '</noscript><script>ran = 2</script>', 'onerror="ran = 3"']) {
    assert.ok(text.includes(part), part);
  }
  await page.close();
});

await step('a hostile note does nothing without a script either', async () => {
  const { page, complaints } = await open(hostile, { script: false });
  assert.deepEqual(complaints, []);
  assert.equal((await page.$$('iframe, object, embed, svg, [onerror], [onload], .body [style]')).length, 0);
  await page.close();
});

await browser.close();
