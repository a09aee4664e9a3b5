import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';

const KEY = 'k'.repeat(32);

function problemsOf(env: Record<string, string>): { where: string; message: string }[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof InvalidConfigurationError) return [...error.problems];
    throw error;
  }
  return [];
}

describe('environment variables', () => {
  it('are all optional: without any, the sandbox and the embedded database are started on port 3000', () => {
    expect(readConfig({})).toEqual({
      port: 3000,
      logLevel: 'warn',
      publicUrl: null,
      slack: null,
      databaseUrl: null,
      dataDirectory: '.towpath',
      configFile: null,
      admins: [],
      apiToken: null,
      key: null,
    });
  });

  it('count as not set when empty or blank, as compose files pass them', () => {
    expect(readConfig({ PORT: '', SLACK_BOT_TOKEN: ' ', TOWPATH_KEY: '', DATABASE_URL: '\n' })).toEqual(readConfig({}));
  });

  it('give a team its Slack, database, token and key', () => {
    const config = readConfig({
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 'signing',
      DATABASE_URL: 'postgresql://u:p@db/towpath',
      TOWPATH_KEY: KEY,
      TOWPATH_API_TOKEN: `${'t'.repeat(32)}\n`,
      TOWPATH_ADMINS: 'U012ABC, W034DEF U012ABC',
      PUBLIC_URL: 'https://towpath.example.com/',
      PORT: '8080',
      LOG_LEVEL: 'debug',
    });
    expect(config.slack?.botToken.reveal()).toBe('xoxb-1');
    expect(config.slack?.appToken).toBeNull();
    expect(config.databaseUrl?.reveal()).toBe('postgresql://u:p@db/towpath');
    expect(config.apiToken?.reveal()).toBe('t'.repeat(32));
    expect(config.admins).toEqual(['U012ABC', 'W034DEF']);
    expect(config).toMatchObject({ port: 8080, logLevel: 'debug', publicUrl: 'https://towpath.example.com' });
  });

  it('need no signing secret in Socket Mode', () => {
    const { slack } = readConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' });
    expect(slack).toMatchObject({ signingSecret: null, apiUrl: null });
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_SIGNING_SECRET', 'Basic Information'],
    [{ SLACK_SIGNING_SECRET: 's' }, 'SLACK_BOT_TOKEN', 'sandbox'],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'],
    [{ SLACK_BOT_TOKEN: 'xapp-1', SLACK_SIGNING_SECRET: 's' }, 'SLACK_BOT_TOKEN', 'xoxb-'],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xoxb-1' }, 'SLACK_APP_TOKEN', 'connections:write'],
    [{ DATABASE_URL: 'postgres://db/x' }, 'TOWPATH_KEY', 'openssl rand'],
    [{ DATABASE_URL: 'mysql://db/x', TOWPATH_KEY: KEY }, 'DATABASE_URL', 'postgresql://'],
    [{ TOWPATH_API_TOKEN: 't'.repeat(31) }, 'TOWPATH_API_TOKEN', '32 characters'],
    [{ TOWPATH_KEY: 'k'.repeat(31) }, 'TOWPATH_KEY', '32 characters'],
    [{ TOWPATH_ADMINS: 'U012ABC,ada' }, 'TOWPATH_ADMINS', 'U012ABCDEF'],
    [{ PORT: '65536' }, 'PORT', '65535'],
    [{ PORT: '-1' }, 'PORT', '65535'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL', 'warn'],
    [{ PUBLIC_URL: 'http://towpath.example.com' }, 'PUBLIC_URL', 'https'],
    [{ PUBLIC_URL: 'https://towpath.example.com/slack' }, 'PUBLIC_URL', 'without a path'],
    [{ SLACK_API_URL: 'slack.com' }, 'SLACK_API_URL', 'leave it out'],
  ])('%o is refused, naming %s and the cure', (env, where, cure) => {
    expect(problemsOf(env)).toEqual([{ where, message: expect.stringContaining(cure) }]);
  });

  it('are refused all at once, those that belong together beside those that are wrong by themselves', () => {
    const problems = problemsOf({
      PORT: 'x',
      LOG_LEVEL: 'x',
      SLACK_APP_TOKEN: 'x',
      DATABASE_URL: 'x',
      PUBLIC_URL: 'x',
    });
    expect(problems.map(({ where }) => where).sort()).toEqual(
      ['DATABASE_URL', 'LOG_LEVEL', 'PORT', 'PUBLIC_URL', 'SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN', 'TOWPATH_KEY'].sort(),
    );
  });

  it('never show a secret: not in the refusal, not when the settings are printed', () => {
    const secret = 'hush-hush';
    const message = () =>
      readConfig({
        SLACK_APP_TOKEN: secret,
        DATABASE_URL: `x:${secret}`,
        TOWPATH_KEY: secret,
        TOWPATH_API_TOKEN: secret,
      });
    expect(message).toThrowError(InvalidConfigurationError);
    expect(message).not.toThrowError(secret);

    const config = readConfig({
      SLACK_BOT_TOKEN: `xoxb-${secret}`,
      SLACK_SIGNING_SECRET: secret,
      TOWPATH_API_TOKEN: secret.repeat(5),
    });
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 5, showHidden: true }),
      `${config.apiToken}`,
    ].join('\n');
    expect(printed).not.toContain(secret);
    expect(printed).toContain('[secret]');
  });
});
