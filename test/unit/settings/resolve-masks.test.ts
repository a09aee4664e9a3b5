import { describe, expect, it } from 'vitest';
import { maskedPlaces } from '../../../src/domain/settings/fill.ts';
import { resolveDefinition } from '../../../src/domain/settings/resolve-definition.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { Definition } from '../../../src/domain/workflow/definition.ts';
import { maskOf } from '../../../src/domain/workflow/masks.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { orderFlow } from '../../support/workflows/n8n-flow.ts';
import { type Document, read, stepIn, ticketFlow, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const KEY_MASK = maskOf('api-key', '0123456789abcdef');
const TOKEN_MASK = maskOf('token', 'fedcba9876543210');
const SECRETS = { KEY: { env: 'STAGING_KEY' }, TOKEN: { env: 'STAGING_TOKEN' } };

function resolved(definition: Definition, settings: Settings = {}) {
  const answer = resolveDefinition(definition, settings);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return answer;
}

function problemsOf(definition: Definition, settings: Settings = {}) {
  const answer = resolveDefinition(definition, settings);
  return answer.ok ? [] : answer.problems;
}

describe('a masked value', () => {
  const masked = (change: (document: Document) => void = () => undefined) =>
    ticketFlowWith((document) => {
      stepIn(document, 'orders').http.headers = {
        Authorization: `Bearer ${KEY_MASK}`,
        Both: `${KEY_MASK} ${TOKEN_MASK} ${KEY_MASK}`,
      };
      stepIn(document, 'score').code.source = `key = '${KEY_MASK}'`;
      change(document);
    });
  const PLACES = [
    'steps[4].http.headers.Authorization',
    'steps[4].http.headers.Both',
    'steps[4].http.headers.Both#2',
    'steps[5].code.source',
  ];

  it('is told of by the path that binds it, code included', () => {
    expect(maskedPlaces(masked())).toEqual(PLACES);
    expect(problemsOf(masked())).toMatchObject([{ kind: 'masked', paths: PLACES }]);
    expect(maskedPlaces(read(ticketFlow()))).toEqual([]);
  });

  it('becomes the secret that it is bound to', () => {
    const bound = Object.fromEntries(PLACES.map((place) => [place, place.endsWith('#2') ? 'TOKEN' : 'KEY']));
    const { document, secrets } = resolved(masked(), { secrets: SECRETS, masked: bound });
    expect(stepIn(document, 'orders').http.headers).toEqual({
      Authorization: 'Bearer {{ secrets.KEY }}',
      Both: '{{ secrets.KEY }} {{ secrets.TOKEN }} {{ secrets.KEY }}',
    });
    expect(stepIn(document, 'score').code.source).toBe(`key = '{{ secrets.KEY }}'`);
    expect(secrets).toEqual([
      { name: 'KEY', paths: [PLACES[0], PLACES[1], PLACES[3]] },
      { name: 'TOKEN', paths: [PLACES[1]] },
    ]);
  });

  it('names the places that are left, and names of secrets that are none here', () => {
    const bound = { [PLACES[0] as string]: 'KEY', [PLACES[1] as string]: 'ELSEWHERE' };
    expect(
      problemsOf(masked(), { secrets: SECRETS, masked: bound }).map(({ kind, name, paths }) => [kind, name, paths]),
    ).toEqual([
      ['unknown', 'ELSEWHERE', [PLACES[1]]],
      ['masked', undefined, [PLACES[2], PLACES[3]]],
    ]);
  });

  it('is bound inside a default, and as a key', () => {
    const definition = ticketFlowWith((document) => {
      stepIn(document, 'orders').http.headers = {
        A: `\${OWN_KEY:${KEY_MASK}}`,
        [KEY_MASK]: 'x',
        [TOKEN_MASK]: '${B:y}',
      };
    });
    const places = maskedPlaces(definition);
    expect(places).toEqual(['steps[4].http.headers.A', 'steps[4].http.headers["…"]', 'steps[4].http.headers["…2"]']);
    const settings = {
      secrets: SECRETS,
      masked: { [places[0] as string]: 'KEY', [places[1] as string]: 'KEY', [places[2] as string]: 'TOKEN' },
    };
    expect(stepIn(resolved(definition, settings).document, 'orders').http.headers).toEqual({
      A: '{{ secrets.KEY }}',
      '{{ secrets.KEY }}': 'x',
      '{{ secrets.TOKEN }}': 'y',
    });
  });

  it('is one whatever stands right behind it', () => {
    const definition = ticketFlowWith((document) => {
      stepIn(document, 'summarise').task = `${KEY_MASK}a`;
    });
    const { document } = resolved(definition, { secrets: SECRETS, masked: { 'steps[0].task': 'KEY' } });
    expect(stepIn(document, 'summarise').task).toBe('{{ secrets.KEY }}a');
  });

  it('is never handed out: not in a document, a place or a message', () => {
    const definition = masked((document) => {
      Object.assign(stepIn(document, 'summarise'), {
        task: `\${A:b:${KEY_MASK}:c} ${TOKEN_MASK}`,
        inputs: { [KEY_MASK]: { [TOKEN_MASK]: '${GONE}' } },
      });
    });
    const answer = JSON.stringify(resolveDefinition(definition, {}));
    expect(answer).toContain('GONE');
    expect(answer).not.toMatch(/masked~[a-z]/);
    const bound = resolveDefinition(masked(), {
      secrets: SECRETS,
      masked: Object.fromEntries(PLACES.map((place) => [place, 'KEY'])),
    });
    expect(JSON.stringify(bound)).not.toMatch(/masked~[a-z]/);
  });

  it('is bound in other formats as well, where nothing else is touched', () => {
    const flow = { ...orderFlow(), note: `\${A} ${KEY_MASK}` };
    const definition = readDefinition(JSON.stringify(flow));
    expect(maskedPlaces(definition)).toEqual(['note']);
    const { document, secrets } = resolved(definition, { secrets: SECRETS, masked: { note: 'KEY' } });
    expect(document).toEqual({ ...flow, note: '${A} {{ secrets.KEY }}' });
    expect(secrets).toEqual([{ name: 'KEY', paths: ['note'] }]);
  });
});
