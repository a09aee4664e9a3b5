import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { whyNotRunnable } from '../../../src/domain/suite/why-not-runnable.ts';

const http: Settings = { runner: { kind: 'http', url: 'https://runner.example.com', shadowSafe: false } };
const safe: Settings = { runner: { kind: 'http', url: 'https://runner.example.com', shadowSafe: true } };
const ai: Settings = {
  runner: { kind: 'ai', providers: { one: { protocol: 'openai', url: 'https://models.example.com/v1' } } },
};

describe('why nothing can be run', () => {
  it('is that there is no runner, or only a name, unless agents are there', () => {
    expect(whyNotRunnable({}, 'staging', false)).toContain('The settings of staging have no runner.');
    expect(whyNotRunnable({ runner: 'ours' }, 'staging', false)).toContain('“ours”');
    expect(whyNotRunnable({}, 'staging', true)).toBeNull();
    expect(whyNotRunnable({ runner: 'ours' }, 'staging', true)).toBeNull();
    expect(whyNotRunnable(http, 'staging', false)).toBeNull();
  });

  it('is of a replay that nobody said it has no effects, whatever agents there are', () => {
    expect(whyNotRunnable(http, 'staging', true, 'shadow')).toContain('shadowSafe: true');
    expect(whyNotRunnable({}, 'staging', true, 'shadow')).toContain('no runner');
    expect(whyNotRunnable(safe, 'staging', false, 'shadow')).toBeNull();
    expect(whyNotRunnable(ai, 'staging', false, 'shadow')).toBeNull();
  });
});
