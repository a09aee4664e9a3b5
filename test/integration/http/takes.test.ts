import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { demandTakes, takes, takesOnly } from '../../../src/adapters/http/takes.ts';
import { SCOPES } from '../../../src/domain/token.ts';
import { startTestServer } from '../../support/http/start-test-server.ts';

const answer = () => 'done';

/** Whether a route with this configuration can be registered: what is thrown, or null. */
async function registering(config?: ReturnType<typeof takes>): Promise<string | null> {
  const app = fastify();
  app.addHook('onRoute', demandTakes);
  try {
    app.get('/thing', config === undefined ? {} : { config }, answer);
    await app.ready();
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await app.close();
  }
}

describe('a route of the API', () => {
  it('cannot be registered without the scope that it takes', async () => {
    expect(await registering()).toContain('/thing does not say which scope it takes');
    expect(await registering(takes([]))).toContain('does not say which scope');
    expect(await registering(takes('read'))).toBeNull();
    expect(await registering(takesOnly('person'))).toBeNull();
  });

  it('that runs workflows use has to say where its environment is named, and others may not', async () => {
    expect(await registering(takes('resolve'))).toContain('where its environment is named');
    expect(await registering(takes(['read', 'runs']))).toContain('where its environment is named');
    expect(await registering(takes('read', { environment: 'params' }))).toContain('where its environment is named');
    expect(await registering(takes(['read', 'runs'], { environment: 'query' }))).toBeNull();
  });

  it('says in the OpenAPI document which scope it takes', async () => {
    const server = await startTestServer();
    const { json } = await server.call('GET', '/api/v1/openapi.json', { token: null });
    await server.stop();
    const security = (path: string, method: string) => json.paths[`/api/v1${path}`][method].security;
    expect(security('/workflows/{name}/versions', 'post')).toEqual([{ token: ['push'] }, { person: [] }]);
    expect(security('/workflows/{name}/environments/{environment}', 'get')).toEqual([
      { token: ['read'] },
      { token: ['resolve'] },
      { person: [] },
    ]);
    // What programs alone do, and people alone; and how one gets a token at all.
    expect(security('/agents', 'post')).toEqual([{ token: ['agents'] }]);
    expect(security('/promotions/{id}/approval', 'post')).toEqual([{ person: [] }]);
    expect(security('/login', 'post')).toEqual([]);
    const operations = Object.values<Record<string, { security: { token?: string[] }[] }>>(json.paths).flatMap((path) =>
      Object.values(path),
    );
    for (const { security: asked } of operations)
      for (const { token = [] } of asked) expect(SCOPES).toEqual(expect.arrayContaining(token));
  });
});
