import { describe, expect, it } from 'vitest';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';

const parse = (text: string) => parseTowpathYaml(text, { fileName: 'towpath.yaml' });
const pipeline = (staging: string) => `environments:\n  - name: development\n  - name: staging\n${staging}`;

function problemsOf(staging: string): { where: string; message: string }[] {
  try {
    parse(pipeline(staging));
  } catch (error) {
    if (error instanceof InvalidConfigurationError) return [...error.problems];
    throw error;
  }
  return [];
}

describe('settings in towpath.yaml', () => {
  it('are read of an environment and of single workflows in it, durations as milliseconds', () => {
    const { settings } = parse(
      pipeline(`    settings:
      variables: { SUMMARY_MODEL: claude-haiku, LIMIT: 5, FAST: true }
      secrets: { OPENAI_API_KEY: { env: STAGING_OPENAI_KEY } }
      limits: { timeout: 90s, costPerRun: 0.5 }
      mcpServers: { slack: { url: "https://mcp.example.com", transport: http } }
    workflows:
      summarize-flow: { model: claude-opus, channel: C0FLOW, masked: { "steps[0].url": OPENAI_API_KEY } }
`),
    );
    expect(settings.get('development')).toEqual({ own: {}, workflows: new Map() });
    expect(settings.get('staging')).toEqual({
      own: {
        variables: { SUMMARY_MODEL: 'claude-haiku', LIMIT: 5, FAST: true },
        secrets: { OPENAI_API_KEY: { env: 'STAGING_OPENAI_KEY' } },
        limits: { timeout: 90_000, costPerRun: 0.5 },
        mcpServers: { slack: { url: 'https://mcp.example.com', transport: 'http' } },
      },
      workflows: new Map([
        ['summarize-flow', { model: 'claude-opus', channel: 'C0FLOW', masked: { 'steps[0].url': 'OPENAI_API_KEY' } }],
      ]),
    });
  });

  it('are nothing where the file names no environments', () => {
    expect(parse('defaultRole: member').settings.size).toBe(0);
  });

  it.each([
    ['    settings: { variables: { lower: x } }', 'line 4, column 30', 'capital'],
    ['    settings: { chanel: C0X }', 'line 4, column 17', 'there is no “chanel” here'],
    ['    settings: { limits: { timeout: 30 } }', 'line 4, column 27', 'duration'],
    ['    workflows: { Summarize_Flow: {} }', 'line 4, column 18', "a workflow's name"],
    ['    workflows: { flow: { steps: { a: { model: 3 } } } }', 'line 4, column 40', 'text'],
    [
      '    settings: { variables: { OPENAI_API_KEY: sk-abcdefghij1234567890 } }',
      'line 4, column 30',
      'secrets: { OPENAI_API_KEY: { env: OPENAI_API_KEY } }',
    ],
  ])('are refused with line and column: %s', (staging, where, message) => {
    expect(problemsOf(staging)).toEqual([
      { where: expect.stringContaining(where), message: expect.stringContaining(message) },
    ]);
  });
});
