import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/log.ts';

/** Logs by `write`, and gives the lines. */
function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  write(createLogger({ level: 'trace', destination }));
  return text;
}

describe('the log', () => {
  it('says level, time and message in a line of JSON', () => {
    const line = JSON.parse(logged((log) => log.info({ port: 3000 }, 'started')));
    expect(line).toEqual({ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), port: 3000, msg: 'started' });
  });

  it.each([
    ['a header', { headers: { authorization: 'Bearer hush-hush' } }],
    ['a nested header', { req: { headers: { authorization: 'hush-hush' } } }],
    ['a token', { botToken: 'hush-hush' }],
    ['a signing secret', { slack: { signingSecret: 'hush-hush' } }],
    ['a response url', { body: undefined, response_url: 'https://hooks.slack.com/commands/T1/hush-hush' }],
    ['the body of a request from Slack', { body: { text: 'hush-hush' } }],
    ['a payload', { slack: { payload: 'hush-hush' } }],
  ])('hides %s', (_what, fields) => {
    expect(logged((log) => log.info(fields, 'something happened'))).not.toContain('hush-hush');
  });

  it.each([
    'xoxb-1234-5678-hushhush',
    'xapp-1-A1-hushhush',
    'Bearer hushhushhush',
    'postgresql://towpath:hushhush@db.example.com/towpath',
    'postgresql://db.example.com/towpath?user=towpath&password=hushhush&sslmode=require',
    'https://hooks.slack.com/commands/T1/2/hushhush',
    'whsec_hushhushhush',
  ])('masks %s wherever it stands, as in the message of an error', (text) => {
    const lines = logged((log) => {
      log.error({ err: new Error(`connecting with ${text} failed`, { cause: new Error(text) }) }, `failed: ${text}`);
      log.info({ note: [text] }, 'noted');
    });
    expect(lines).not.toContain('hush');
    for (const line of lines.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('keeps of an error its name, message, code, stack and cause, and nothing that a library hung on it', () => {
    const error = Object.assign(new TypeError('no', { cause: new Error('why') }), {
      code: 'E1',
      request: { data: 'hush-hush' },
    });
    const { err } = JSON.parse(logged((log) => log.error(error)));
    expect(err).toMatchObject({ type: 'TypeError', message: 'no', code: 'E1', cause: { message: 'why' } });
    expect(JSON.stringify(err)).not.toContain('hush-hush');
  });
});
