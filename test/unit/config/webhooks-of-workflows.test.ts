import { describe, expect, it } from 'vitest';
import { checkSecrets } from '../../../src/domain/configuration/check-secrets.ts';
import { fileContent, operatorDifferences } from '../../../src/domain/configuration/file-content.ts';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';

const parse = (staging: string) =>
  parseTowpathYaml(`environments:\n  - name: development\n  - name: staging\n    ${staging}`, {
    fileName: 'towpath.yaml',
  });
const hook = (url: string, secret = '$' + '{FLOW_HOOK}', more = '') => `{ url: "${url}", secret: "${secret}"${more} }`;
const ofFlow = (...hooks: string[]) => parse(`workflows: { flow: { webhooks: [${hooks.join(', ')}] } }`);
const layerOf = (configuration: ReturnType<typeof parse>) =>
  configuration.settings.get('staging')?.workflows.get('flow');
const FLOW = 'https://flow.example.com/';

function problemsOf(read: () => unknown): { where: string; message: string }[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidConfigurationError) return [...error.problems];
    throw error;
  }
  return [];
}

describe('webhooks of a workflow in towpath.yaml', () => {
  it('have the shape of the environment’s, and name the variable that signs', () => {
    const endpoint = { url: FLOW, secretVariable: 'FLOW_HOOK', events: ['promotion.stale'], allowPrivate: false };
    const text = hook(FLOW, undefined, ', events: [promotion.stale]');
    expect(layerOf(ofFlow(text))).toEqual({ webhooks: [endpoint] });
    expect(parse(`webhooks: [${text}]`).environments[1]?.webhooks).toEqual([endpoint]);
  });

  it('may be nobody, which is not the same as leaving them out', () => {
    expect(layerOf(ofFlow())).toEqual({ webhooks: [] });
    expect(layerOf(parse('workflows: { flow: { model: a } }'))).toEqual({ model: 'a' });
  });

  it.each([
    ['a secret itself', [hook(FLOW, 'hush')], 'webhooks[0].secret', 'reference to a variable'],
    ['plain http', [hook('http://flow.example.com/')], 'webhooks[0].url', 'https'],
    ['a password', [hook('https://u:p@flow.example.com/')], 'webhooks[0].url', 'user name'],
    ['one address twice', [hook(FLOW), hook(FLOW)], 'webhooks[1].url', 'twice'],
    ['an unknown key', [hook(FLOW, undefined, ', header: x')], 'webhooks[0].header', 'there is no “header”'],
  ])('are refused with their place: %s', (_what, hooks, where, message) => {
    expect(problemsOf(() => ofFlow(...hooks))).toEqual([
      {
        where: expect.stringContaining(`(environments[1].workflows.flow.${where})`),
        message: expect.stringContaining(message),
      },
    ]);
  });

  it('are none of what an environment gives every workflow: those stand beside its settings', () => {
    const [problem] = problemsOf(() => parse(`settings: { webhooks: [${hook(FLOW)}] }`));
    expect(problem?.message).toContain('there is no “webhooks” here');
  });

  it('need their variable when the process starts, or the refusal says who does', () => {
    const check = (set: string) => () => checkSecrets(ofFlow(hook(FLOW)), (name) => (name === set ? 'x' : undefined));
    expect(check('OTHER')).toThrowError(/FLOW_HOOK: .*flow's staging webhook to flow\.example\.com/);
    expect(check('FLOW_HOOK')).not.toThrow();
  });

  it('are the operator’s: where two files differ in them, their place is named', () => {
    const [none, some, nobody] = [parse('aliases: [stg]'), ofFlow(hook(FLOW)), ofFlow()].map(
      (one) => fileContent({ ...one, environments: [] }).operators,
    );
    const place = ['environments.staging.workflows.flow.webhooks'];
    expect(operatorDifferences(none ?? {}, some ?? {})).toEqual(place);
    expect(operatorDifferences(some ?? {}, nobody ?? {})).toEqual(place);
    expect(operatorDifferences(some ?? {}, some ?? {})).toEqual([]);
  });
});
