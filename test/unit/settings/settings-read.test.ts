import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { settingsRead } from '../../../src/domain/settings/settings-read.ts';
import { maskOf } from '../../../src/domain/workflow/masks.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { orderFlow } from '../../support/workflows/n8n-flow.ts';
import { read, stepIn, ticketFlow, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const server = (url: string) => ({ url, transport: 'http' as const });

describe('what a version reads of the settings', () => {
  it('is nothing where there are none', () => {
    expect(settingsRead(read(ticketFlow()), {})).toEqual({});
    expect(settingsRead(read(ticketFlow()), { variables: {}, limits: {}, steps: {} })).toEqual({});
  });

  it('is what its texts name, in defaults and on either side of flags, and no more', () => {
    const definition = ticketFlowWith((document) => {
      Object.assign(stepIn(document, 'summarise'), {
        task: '${A:"${B:${C}}"} ${F:${D}:${E}} {{ env.G }} {{ secrets.KEY }}',
        recipe: '${TOKEN}',
      });
      stepIn(document, 'score').code.source = '${IN_CODE}';
    });
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
    const variables = Object.fromEntries([...names, 'IN_CODE', 'OTHER'].map((name) => [name, 1]));
    const secrets = { KEY: { env: 'K' }, TOKEN: { env: 'T' }, OTHER_KEY: { env: 'O' } };
    expect(settingsRead(definition, { variables, secrets })).toEqual({
      variables: Object.fromEntries(names.map((name) => [name, 1])),
      secrets: { KEY: { env: 'K' }, TOKEN: { env: 'T' } },
    });
  });

  it('is the sources of the secrets that go to the runner, too', () => {
    const secrets = { TOKEN: { env: 'T' }, OTHER: { env: 'O' } };
    const http = { kind: 'http' as const, url: 'https://runner.example', secret: 'TOKEN', shadowSafe: false };
    expect(settingsRead(read(ticketFlow()), { secrets, runner: http })).toEqual({
      ...{ runner: http, secrets: { TOKEN: { env: 'T' } } },
    });
    const endpoint = { protocol: 'openai' as const, url: 'https://model.example/v1', secret: 'OTHER' };
    const ai = { kind: 'ai' as const, providers: { one: endpoint, free: { ...endpoint, secret: undefined } } };
    expect(settingsRead(read(ticketFlow()), { secrets, runner: ai })['secrets']).toEqual({ OTHER: { env: 'O' } });
  });

  it('is a default as long as some step leaves it open', () => {
    const settings: Settings = {
      provider: 'p',
      model: 'm',
      modelParameters: { temperature: 1, topP: 1 },
      steps: { gone: { model: 'x' } },
    };
    expect(settingsRead(read(ticketFlow()), settings)).toEqual({
      provider: 'p',
      model: 'm',
      modelParameters: { temperature: 1, topP: 1 },
    });
    const only = { id: 'a', type: 'llm', provider: 'own', llm: 'own', temperature: 1 };
    const closed = read({ apiVersion: 'towpath/v1', name: 'x', steps: [only, { id: 'b', type: 'tool' }] });
    expect(settingsRead(closed, settings)).toEqual({ modelParameters: { topP: 1 } });
    const open = read({ apiVersion: 'towpath/v1', name: 'x', steps: [{ id: 'a', type: 'llm' }] });
    const told = { a: { provider: 'x', model: 'y', modelParameters: { temperature: 0, topP: 0 } } };
    expect(settingsRead(open, { ...settings, steps: told })).toEqual({ steps: told });
  });

  it('is what stands beside the document in other formats', () => {
    const definition = readDefinition(JSON.stringify({ ...orderFlow(), note: '${A}' }));
    const id = definition.steps[0]?.id ?? '';
    expect(
      settingsRead(definition, { variables: { A: 1 }, model: 'm', steps: { [id]: { model: 'x' }, gone: {} } }),
    ).toEqual({
      model: 'm',
      steps: { [id]: { model: 'x' } },
    });
  });

  it('is the MCP servers that its steps name, as they are filled', () => {
    const definition = ticketFlowWith((document) => {
      stepIn(document, 'note').mcpServers = ['${CRM_SERVER:crm}'];
    });
    const mcpServers = { slack: server('https://slack'), crm: server('https://crm'), jira: server('https://jira') };
    expect(Object.keys(settingsRead(definition, { mcpServers })['mcpServers'] as object)).toEqual(['slack', 'crm']);
    const read = settingsRead(definition, { mcpServers, variables: { CRM_SERVER: 'jira' } });
    expect(Object.keys(read['mcpServers'] as object)).toEqual(['slack', 'jira']);
  });

  it('is all limits, data sources and the runner, and never the channel', () => {
    const settings: Settings = { limits: { retries: 1 }, dataSources: { crm: { host: 'h' } }, runner: 'r' };
    expect(settingsRead(read(ticketFlow()), { ...settings, channel: 'C1' })).toEqual(settings);
  });

  it('is what its masks are bound to', () => {
    const definition = ticketFlowWith((document) => {
      stepIn(document, 'orders').http.headers.Key = maskOf('api-key', '0123456789abcdef');
    });
    const masked = { 'steps[4].http.headers.Key': 'KEY', 'steps[9].gone': 'OTHER' };
    expect(settingsRead(definition, { masked, secrets: { KEY: { env: 'K' }, OTHER: { env: 'O' } } })).toEqual({
      masked: { 'steps[4].http.headers.Key': 'KEY' },
      secrets: { KEY: { env: 'K' } },
    });
  });
});
