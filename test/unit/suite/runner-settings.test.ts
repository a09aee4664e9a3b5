import { describe, expect, it } from 'vitest';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { commandSettings, judgeSettings } from '../../../src/domain/suite/operator-settings.ts';
import { runnerSettings } from '../../../src/domain/suite/runner-settings.ts';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('what settings say of a runner', () => {
  it('is read with what it leaves out: replays are off', () => {
    expect(runnerSettings.parse({ kind: 'http', url: 'https://runner.example/run' })).toEqual({
      kind: 'http',
      url: 'https://runner.example/run',
      shadowSafe: false,
    });
    expect(runnerSettings.parse({ kind: 'exec', command: 'agent' })).toEqual({
      kind: 'exec',
      command: 'agent',
      shadowSafe: false,
    });
  });

  it.each<[string, unknown]>([
    ['leave to call private addresses', { kind: 'http', url: 'http://a.example', allowPrivate: true }],
    ['an unknown kind', { kind: 'ssh', url: 'https://a.example' }],
    ['a text', 'langgraph'],
    ['a password in an address', { kind: 'http', url: 'https://user:pass@a.example/' }],
    ['a file as an address', { kind: 'http', url: 'file:///etc/passwd' }],
    ['a secret in place of its name', { kind: 'http', url: 'https://a.example', secret: 'sk-abc' }],
    ['a header of Towpath’s own', { kind: 'n8n', url: 'https://a.example', secret: 'KEY', header: 'Content-Length' }],
    ['a header with a line break', { kind: 'http', url: 'https://a.example', secret: 'KEY', header: 'X\r\nY' }],
    ['dify without a key', { kind: 'dify', url: 'https://a.example/v1' }],
    ['a command written out', { kind: 'exec', command: 'agent', args: ['-c', 'id'] }],
    ['no provider', { kind: 'ai', providers: {} }],
    [
      'a price below nothing',
      {
        kind: 'ai',
        providers: { a: { protocol: 'openai', url: 'https://a.example', prices: { m: { input: -1, output: 1 } } } },
      },
    ],
  ])('is refused: %s', (_what, value) => {
    expect(accepts(runnerSettings, value)).toBe(false);
  });
});

describe('what the operator says', () => {
  it('stands in towpath.yaml, and is nothing where it does not', () => {
    const parse = (text: string) => parseTowpathYaml(text, { fileName: 'towpath.yaml' });
    expect(parse('').runners).toBeUndefined();
    const text = `
runners:
  judge: { protocol: anthropic, url: https://api.anthropic.com/v1, model: claude, secret: "\${JUDGE_KEY}" }
  commands: { agent: { command: [/opt/agent, --json], secrets: [AGENT_KEY] } }
  privateOrigins: [http://10.0.0.5:8080]`;
    expect(parse(text).runners).toEqual({
      judge: {
        protocol: 'anthropic',
        url: 'https://api.anthropic.com/v1',
        model: 'claude',
        secret: 'JUDGE_KEY',
        allowPrivate: false,
      },
      commands: { agent: { command: ['/opt/agent', '--json'], secrets: ['AGENT_KEY'] } },
      privateOrigins: ['http://10.0.0.5:8080'],
    });
    expect(() => parse('runners: { commands: { agent: { command: agent } } }')).toThrow(
      /line 1.*runners\.commands\.agent/,
    );
  });

  it('names commands by absolute programs, with secrets that rule nothing', () => {
    const command = { command: ['/opt/agent', '--json'], secrets: ['OPENAI_KEY'] };
    expect(accepts(commandSettings, { agent: command })).toBe(true);
    expect(accepts(commandSettings, { agent: { command: ['agent'] } })).toBe(false);
    expect(accepts(commandSettings, { agent: { command: [] } })).toBe(false);
    expect(accepts(commandSettings, { 'Bad Name': command })).toBe(false);
    for (const name of ['PATH', 'LD_PRELOAD', 'NODE_OPTIONS', 'BASH_ENV'])
      expect(accepts(commandSettings, { agent: { ...command, secrets: [name] } })).toBe(false);
  });

  it('names the judge with the variable of its key, never the key', () => {
    const judge = { protocol: 'openai', url: 'https://api.example/v1', model: 'm' };
    expect(judgeSettings.parse({ ...judge, secret: '${JUDGE_KEY}' })).toMatchObject({ secret: 'JUDGE_KEY' });
    expect(accepts(judgeSettings, { ...judge, secret: 'sk-abc' })).toBe(false);
    expect(accepts(judgeSettings, { ...judge, url: 'https://u:p@api.example' })).toBe(false);
  });
});
