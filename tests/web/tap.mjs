// What the tests through real clients share: TAP, programs, and the packages that tests/web/install has put
// into the folder of the build. They are run as: node TEST BUILD TMP.

import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { writeFileSync } from 'node:fs';

export const [BUILD, TMP] = process.argv.slice(2);
export const BIN = BUILD + '/bin';

// A package by its name.
export const need = createRequire(BUILD + '/web/');

let run = 0;
let failed = 0;

export function ok(name, passed, shown = '') {
    run++;
    console.log(`${passed ? 'ok' : 'not ok'} ${run} - ${name}`);
    if (passed) return;
    failed++;
    const text = typeof shown === 'string' ? shown : JSON.stringify(shown, null, 1);
    for (const line of text.slice(0, 4000).split('\n')) console.log('# ' + line);
}

export function equal(name, got, want) {
    ok(name, isDeepStrictEqual(got, want), { got, want });
}

export function done() {
    console.log(`1..${run}`);
    process.exitCode = failed > 0 ? 1 : 0;
}

// Put ARTICLES into the index at PATH.
export function index(path, articles) {
    writeFileSync(path + '.jsonl', articles.map(a => JSON.stringify(a) + '\n').join(''));
    execFileSync(BIN + '/fihris-index', ['-q', '-o', path, path + '.jsonl']);
}
