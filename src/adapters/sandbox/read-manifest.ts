import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { z } from 'zod';
import type { SandboxCommand } from './protocol.ts';

const manifest = z.object({
  features: z.object({
    slash_commands: z.array(
      z.object({ command: z.string(), description: z.string(), usage_hint: z.string().default('') }),
    ),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
});

/** What manifest.yml asks Slack for: the sandbox grants exactly that, so that nothing works here that would not work there. */
export async function readManifest(): Promise<{ commands: SandboxCommand[]; scopes: string[]; events: string[] }> {
  const source = await readFile(new URL('../../../manifest.yml', import.meta.url), 'utf8');
  const { features, oauth_config, settings } = manifest.parse(load(source));
  return {
    commands: features.slash_commands.map(({ command, description, usage_hint }) => ({
      command,
      description,
      usageHint: usage_hint,
    })),
    scopes: oauth_config.scopes.bot,
    events: settings.event_subscriptions.bot_events,
  };
}
