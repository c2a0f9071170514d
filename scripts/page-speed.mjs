#!/usr/bin/env node
// How fast a page of many notes opens: writes notes into a temporary folder, has `verify` make their
// page, and opens it in headless Chromium several times. What is printed stands in docs/measurements.md.
//
//   scripts/page-speed.mjs VERIFY [NOTES] [CHROMIUM]
//
// Needs `npm ci --prefix tests/page`.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const RUNS = 7;
const [verify, count = '2000', chromium = '/usr/bin/chromium'] = process.argv.slice(2);
if (!verify) {
  console.error('error: name the program to measure\n  help: scripts/page-speed.mjs target/release/verify');
  process.exit(2);
}
const modules = createRequire(new URL('../tests/page/check.mjs', import.meta.url));
const { default: puppeteer } = await import(pathToFileURL(modules.resolve('puppeteer-core')));

/** A note as people keep them: prose in two languages, three snippets, and now and then something stale. */
function note(at) {
  const stale = at % 5 === 0;
  const prose = 'A name is a label that some namespace ties to an object, and assignment moves the label. '.repeat(6);
  return `# Note ${at}

${prose}

## Numbers

\`\`\`python
import math
values = [math.sqrt(n) for n in range(${at % 7}, ${(at % 7) + 4})]
print(len(values))  # 4
\`\`\`

字典按插入的顺序保存键，所以遍历的结果每次都相同。${'这里再写一些说明文字。'.repeat(12)}

\`\`\`pycon
>>> {'a': 1, 'b': ${at}}
{'a': 1, 'b': ${at}}
>>> ${at} / 2
${stale ? Math.floor(at / 2) : at % 2 ? at / 2 : `${at / 2}.0`}
\`\`\`

- an item with \`code\` in it, and *emphasis*
- [a link](https://docs.python.org/3/) to read more

| name | value |
|---|---|
| a | ${at} |
| b | ${at * 2} |

\`\`\`python
class Point:
    """A place."""

    def __init__(self, x, y):
        self.x, self.y = x, y

p = Point(${at}, 2)
print(p.x)  # ${at % 11 === 0 ? at + 1 : at}
\`\`\`
`;
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const folder = mkdtempSync(join(tmpdir(), 'page-speed-'));
try {
  for (let at = 1; at <= Number(count); at += 1) {
    const within = join(folder, 'notes', `part-${String(Math.ceil(at / 50)).padStart(2, '0')}`);
    mkdirSync(within, { recursive: true });
    writeFileSync(join(within, `note-${String(at).padStart(4, '0')}.md`), note(at));
  }
  const made = spawnSync(resolve(verify), ['-q', '--report', 'html=page.html'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (made.status !== 1) throw new Error(`verify left with ${made.status}`);
  const page = join(folder, 'page.html');
  const size = statSync(page).size;
  const notes = readFileSync(page, 'utf8').split('<article').length - 1;

  const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  const times = { open: [], key: [], filter: [], search: [] };
  for (let run = 0; run < RUNS; run += 1) {
    const tab = await browser.newPage();
    await tab.setViewport({ width: 1400, height: 900 });
    await tab.evaluateOnNewDocument(() => {
      const seen = new MutationObserver(() => {
        if (document.documentElement?.dataset.ready === undefined) return;
        seen.disconnect();
        // The second frame after it is ready has been drawn.
        requestAnimationFrame(() => requestAnimationFrame(() => { window.opened = performance.now(); }));
      });
      seen.observe(document, { attributes: true, subtree: true, attributeFilter: ['data-ready'] });
    });
    await tab.goto(pathToFileURL(page).href);
    await tab.waitForFunction(() => window.opened);
    const took = await tab.evaluate(async () => {
      const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))));
      const timed = async (act) => { const begin = performance.now(); act(); return (await drawn()) - begin; };
      const search = document.querySelector('#search');
      return {
        open: window.opened,
        key: await timed(() => dispatchEvent(new KeyboardEvent('keydown', { key: 'j' }))),
        filter: await timed(() => document.querySelector('[data-kind="stale"]').click()),
        search: await timed(() => {
          search.value = 'note 1234';
          search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
        }),
      };
    });
    for (const [what, value] of Object.entries(took)) times[what].push(value);
    await tab.close();
  }
  await browser.close();
  console.log(`${notes} notes, ${(size / 1e6).toFixed(1)} MB; medians of ${RUNS}, each up to the second frame drawn:`);
  for (const [what, values] of Object.entries(times)) console.log(`  ${what}: ${Math.round(median(values))} ms`);
  console.log(`  Chromium: ${execFileSync(chromium, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim()}`);
} finally {
  rmSync(folder, { recursive: true });
}
