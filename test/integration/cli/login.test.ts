import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FlowServer, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import { TOKEN } from '../../support/http/start-test-server.ts';
import { type CliHome, openCliHome } from '../../support/towpath/run-cli-at.ts';

let server: FlowServer;
let home: CliHome;
beforeAll(async () => {
  server = await startFlowServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  home = await openCliHome(server.url);
});
afterEach(() => home.end());

const CODE = /\/towpath login ([B-Z]{4}-[B-Z]{4})/;
/** What a person does in Slack with the code that the terminal shows. */
function inTheirSlack(userId: string, how: 'confirm' | 'refuse' = 'confirm') {
  let isDone = false;
  return async (err: string) => {
    if (isDone) return;
    isDone = true;
    const actor = inSlack(userId);
    const { id: loginId } = await server.useCases.findLogin({ actor, code: CODE.exec(err)?.[1] ?? '' });
    const asked = { actor, loginId };
    await (how === 'confirm' ? server.useCases.confirmLogin(asked) : server.useCases.refuseLogin(asked));
  };
}
const logIn = (userId: string, ...more: string[]) => home.run(['login', ...more], { paused: inTheirSlack(userId) });
/** As if they had: an address may begin only so many logins a minute. */
async function keepLogin(userId: string): Promise<void> {
  const token = await server.logIn(userId);
  const { name, expiresAt } = (await server.call('GET', '/api/v1/whoami', { token })).json.token;
  await mkdir(dirname(home.file), { recursive: true });
  await writeFile(home.file, JSON.stringify({ servers: { [server.url]: { token, name, userId, expiresAt } } }));
}
const kept = async () => JSON.parse(await readFile(home.file, 'utf8')).servers;

describe('login', () => {
  it('shows a code, waits for its person, and says as whom commands act from then on', async () => {
    const { code, out, err } = await logIn('U0LEE');
    expect(err).toMatch(
      /^Type this in Slack, and confirm there that it is you:\n\n {4}\/towpath login [B-Z-]{9}\n\nWaiting/,
    );
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^Logged in to http:\S+ as U0LEE \(@U0LEE\), lead, until 20/),
    ]);
    expect((await home.run(['whoami'])).out).toMatch(/^U0LEE \(@U0LEE\), lead\nBy the token login-\S+, until /);
    expect((await home.run(['status'])).code).toBe(0);
  });

  it('keeps the token readable by its person alone, and says it nowhere', async () => {
    const { out, err } = await logIn('U0LEE', '--json');
    expect((await stat(home.file)).mode & 0o777).toBe(0o600);
    const { token } = (await kept())[server.url];
    expect(token).toMatch(/^tp_/);
    expect(JSON.parse(out)).toEqual({
      ...{ server: server.url, userId: 'U0LEE' },
      ...{ name: expect.stringMatching(/^login-/), expiresAt: expect.any(String) },
    });
    for (const text of [out, err, (await home.run(['whoami', '--json'])).out, server.log()])
      expect(text).not.toContain(token.slice(3));
    expect((await stat(dirname(home.file))).mode & 0o777).toBe(0o700);
    expect(await readdir(dirname(home.file))).toEqual(['credentials.json']);
  });

  it('closes a file that others could read', async () => {
    await mkdir(dirname(home.file), { recursive: true });
    await writeFile(home.file, JSON.stringify({ servers: {} }), { mode: 0o644 });
    await home.run(['whoami']);
    expect((await stat(home.file)).mode & 0o777).toBe(0o600);
  });

  it('ends the one that was there before', async () => {
    await logIn('U0LEE');
    const { token: earlier } = (await kept())[server.url];
    await logIn('U0ADA');
    server.lookAgain();
    expect((await server.call('GET', '/api/v1/whoami', { token: earlier })).status).toBe(401);
    expect((await home.run(['whoami'])).out).toContain('@U0ADA');
  });

  it('ends with 1 where it was refused in Slack', async () => {
    const { code, out, err } = await home.run(['login'], { paused: inTheirSlack('U0LEE', 'refuse') });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('This login was refused in Slack');
    expect(await kept()).toEqual({});
  });

  it('gives up once nobody can confirm it any more', async () => {
    const { code, err } = await home.run(['login'], {
      paused: () => server.database.sql("UPDATE login_request SET expires_at = started_at WHERE state = 'waiting'"),
    });
    expect([code, err]).toEqual([1, expect.stringContaining('its ten minutes passed')]);
  });

  it('asks no longer than a code can be good, whatever the server says', async () => {
    const lazy = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/api/v1/login')
        return response.writeHead(201).end(JSON.stringify({ deviceCode: 'd', code: 'c', expiresAt: '', interval: 1 }));
      return response.writeHead(202).end('{"status":"pending"}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => lazy.once('listening', resolve));
    const url = `http://127.0.0.1:${(lazy.address() as AddressInfo).port}`;
    const { code, err } = await home.run(['login', '--server', url]);
    expect([code, err]).toEqual([1, expect.stringContaining('Nobody confirmed it in time')]);
    lazy.closeAllConnections();
    lazy.close();
  });

  it('where the answer with the token is lost says so, and what was lost lets nobody in', async () => {
    const confirm = inTheirSlack('U0LEE');
    let asked = 0;
    const { code, err } = await home.run(['login'], {
      paused: async (said) => {
        asked += 1;
        await confirm(said);
        if (asked > 1) return;
        // Somebody between asked first, and the program never heard.
        await server.database.sql(
          "UPDATE login_request SET state = 'collected', token_name = 'login-lost' WHERE state = 'confirmed'",
        );
      },
    });
    expect([code, err]).toEqual([1, expect.stringContaining('handed out already, and was ended')]);
    expect(await kept()).toEqual({});
  });

  it('asks for nothing where it could not be kept', async () => {
    await writeFile(dirname(home.file), 'a file where the folder should be');
    const before = await server.database.sql('SELECT 1 FROM login_request');
    const { code, err } = await home.run(['login']);
    expect([code, err]).toEqual([2, expect.stringMatching(/credentials.json can’t be (read|written)/)]);
    expect(await home.run(['login'], { env: { XDG_CONFIG_HOME: 'relative' } })).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('There is no home folder') },
    });
    expect(await server.database.sql('SELECT 1 FROM login_request')).toHaveLength(before.length);
  });
});

describe('which token', () => {
  it('is that of TOWPATH_API_TOKEN where it is set', async () => {
    await keepLogin('U0LEE');
    const { out } = await home.run(['whoami'], { env: { TOWPATH_API_TOKEN: TOKEN } });
    expect(out).toContain('The operator');
  });

  it('is never that of another server', async () => {
    await keepLogin('U0LEE');
    const { code, err } = await home.run(['whoami', '--server', 'http://127.0.0.1:9']);
    expect([code, err]).toEqual([2, expect.stringContaining('You are not logged in there')]);
  });

  it('is none where the file is broken, which is said without what stands in it', async () => {
    await mkdir(dirname(home.file), { recursive: true });
    await writeFile(home.file, '{"servers": {"x": {"token": "tp_secret"');
    const { code, err } = await home.run(['whoami']);
    expect([code, err]).toEqual([2, expect.stringContaining('Delete it, then log in again')]);
    expect(err).not.toContain('tp_secret');
  });
});

describe('logout', () => {
  it('ends the login here and on the server, and other servers’ stay', async () => {
    await keepLogin('U0LEE');
    const { token, ...rest } = (await kept())[server.url];
    await writeFile(
      home.file,
      JSON.stringify({
        servers: { [server.url]: { token, ...rest }, 'https://other.example.com': { token, ...rest } },
      }),
    );
    expect(await home.run(['logout'])).toMatchObject({ code: 0, out: `Logged out of ${server.url}.\n` });
    expect(Object.keys(await kept())).toEqual(['https://other.example.com']);
    server.lookAgain();
    expect((await server.call('GET', '/api/v1/whoami', { token })).status).toBe(401);
    expect((await home.run(['logout'])).out).toContain('You are not logged in');
  });

  it('forgets one that ended before, and none that it could not end', async () => {
    await keepLogin('U0LEE');
    const { name, ...rest } = (await kept())[server.url];
    await writeFile(home.file, JSON.stringify({ servers: { 'http://127.0.0.1:9': { name, ...rest } } }));
    expect((await home.run(['logout', '--server', 'http://127.0.0.1:9'])).code).toBe(3);
    expect(Object.keys(await kept())).toHaveLength(1);
    await writeFile(home.file, JSON.stringify({ servers: { [server.url]: { name, ...rest } } }));
    await server.useCases.revokeToken({ actor: inSlack('U0LEE'), name });
    server.lookAgain();
    expect((await home.run(['whoami'])).err).toContain('was revoked. Log in again with `towpath login`');
    expect((await home.run(['logout'])).code).toBe(0);
    expect(await kept()).toEqual({});
  });
});
