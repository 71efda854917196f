// What an agent sees that uses the client of @modelcontextprotocol/sdk, which holds every answer to the schemas
// of the protocol, and structured content to that of its tool.

import { BIN, TMP, done, equal, index, need, ok } from './tap.mjs';

const { Client } = need('@modelcontextprotocol/sdk/client/index.js');
const { StdioClientTransport } = need('@modelcontextprotocol/sdk/client/stdio.js');
const { LATEST_PROTOCOL_VERSION } = need('@modelcontextprotocol/sdk/types.js');

const path = TMP + '/news.index';
const articles = [
    { id: '1', title: 'السفينة في الميناء', body: 'وصلت السفينة إلى الميناء وعليها القمح', source: 'المرسى',
      date: '2026-02-09', url: 'https://example.org/1' },
    { id: 'rtl "x" <b>', title: 'القمح\u202e\u2028 & <script>', body: 'ارتفع سعر القمح\u0085\ud83d\ude80' },
    { id: 'long', title: 'طويل', body: 'السفينة '.repeat(20000) },
];
index(path, articles);

const errors = [];
async function connect() {
    const client = new Client({ name: 'tests', version: '1' });
    client.onerror = error => errors.push(String(error));
    const transport = new StdioClientTransport({ command: BIN + '/fihris-serve', args: ['--mcp', path], stderr: 'pipe' });
    transport.stderr.on('data', text => errors.push(String(text)));
    await client.connect(transport);
    return client;
}

// The error of what must fail.
async function fails(promise) {
    try {
        await promise;
    } catch (error) {
        return error.code;
    }
    return undefined;
}

const client = await connect();
equal('the newest version of the protocol', LATEST_PROTOCOL_VERSION, '2025-11-25');
equal('who serves', client.getServerVersion().name, 'fihris');
ok('how to use it', client.getInstructions().length > 100);
await client.ping();

const { tools } = await client.listTools(); // from here on the client holds results to their schemas
equal('the tools', tools.map(tool => tool.name), ['search', 'fetch']);

const search = async given => (await client.callTool({ name: 'search', arguments: given })).structuredContent;
const fetch = async given => (await client.callTool({ name: 'fetch', arguments: given })).structuredContent;

const found = await search({ query: 'سفينه قمح' });
equal('what is found', found.results.map(r => r.id).sort(), ['1', 'long', 'rtl "x" <b>']);
equal('each is fetched by its id', (await Promise.all(found.results.map(r => fetch({ id: r.id })))).map(a => a.id),
      found.results.map(r => r.id));
const odd = await fetch({ id: 'rtl "x" <b>' });
equal('odd characters come through', [odd.title, odd.text], [articles[1].title, articles[1].body]);
const nothing = await search({ query: 'ديناصور', from: '2026', source: 'المرسى' });
equal('nothing is found', nothing.total, { value: 0, exact: true });
ok('... and it is said what was tried', nothing.tried.every(t => t.how && t.query) && nothing.tried.at(-1).without.includes('source') &&
   nothing.notes.length > 0, nothing);
const part = await fetch({ id: 'long' });
ok('a long text goes on', part.text.length < articles[2].body.length && part.next > 0, part.next);

const many = await Promise.all(Array.from({ length: 200 }, (_, i) =>
    i % 2 ? search({ query: 'القمح', limit: i % 50 }) : client.ping()));
equal('200 requests at once', many.length, 200);
equal('the client has nothing to complain of', errors.splice(0), []);

// By the time that it is cancelled a call has been answered: the client gets, and drops, an answer too many.
const control = new AbortController();
const call = client.callTool({ name: 'search', arguments: { query: 'القمح' } }, undefined, { signal: control.signal });
control.abort('changed my mind');
await fails(call);
equal('a call that is cancelled does no harm', (await search({ query: 'القمح' })).total.value, 2);
ok('... and is answered at most once', errors.splice(0).length <= 1);

equal('arguments that are wrong', (await client.callTool({ name: 'search', arguments: { q: 'x' } })).isError, true);
equal('a tool nobody knows', await fails(client.callTool({ name: 'remove', arguments: {} })), -32602);
// The client refuses by itself to ask for what is not offered.
ok('resources are not offered', !client.getServerCapabilities().resources);

index(path, [...articles, { id: 'new', title: 'الطائرة', body: 'هبطت الطائرة' }]);
equal('what is published meanwhile', (await search({ query: 'الطائرة' })).results.map(r => r.id), ['new']);

equal('the client has nothing to complain of in all that', errors, []);
await client.transport.send({ jsonrpc: '2.0', id: { odd: true }, method: 'ping' });
await client.ping();
equal('... but of an answer to an odd id', errors.length, 1);
await client.close();
done();
