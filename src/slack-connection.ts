import type { Sandbox } from './adapters/sandbox/start-sandbox.ts';
import type { Config } from './config.ts';

/** How Slack is reached, or what stands in for it. */
export function slackConnection(config: Config, sandbox: Sandbox | null) {
  if (sandbox !== null)
    return { botToken: sandbox.botToken, signingSecret: sandbox.signingSecret, appToken: null, apiUrl: sandbox.apiUrl };
  const { slack } = config;
  if (slack === null) throw new Error('Neither Slack nor the sandbox.');
  return {
    botToken: slack.botToken.reveal(),
    signingSecret: slack.signingSecret?.reveal() ?? null,
    appToken: slack.appToken?.reveal() ?? null,
    ...(slack.apiUrl === null ? {} : { apiUrl: slack.apiUrl }),
  };
}
