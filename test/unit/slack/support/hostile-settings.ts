import fc from 'fast-check';
import type { Settings, SettingsRevision } from '../../../../src/domain/settings/settings.ts';
import type { SettingsCardView, SettingsFormView, WorkflowSettingsView } from '../../../../src/use-cases/views.ts';
import {
  date,
  environment,
  hostileProposal,
  hostileText,
  optionalText,
  userId,
  version,
  workflow,
} from './hostile-views.ts';

/* Settings, and views of them, as nobody sane would give them. */

const few = { maxKeys: 4 };
/** As the schema takes them. */
const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,127}$/);
const source = fc.oneof(
  fc.record({ env: hostileText }),
  fc.record({ file: hostileText }),
  fc.record({ vault: fc.record({ path: hostileText, key: hostileText }) }),
);
const choice = {
  provider: hostileText,
  model: hostileText,
  modelParameters: fc.dictionary(hostileText, fc.oneof(hostileText, fc.double(), fc.boolean()), few),
};
const FIELDS = [
  ...['variables', 'secrets', 'provider', 'model', 'modelParameters', 'steps', 'limits', 'mcpServers', 'dataSources'],
  ...['runner', 'channel', 'masked'],
] as const;
type Field = (typeof FIELDS)[number] & keyof Settings;

export const hostileSettings: fc.Arbitrary<Settings> = fc.record(
  {
    ...choice,
    variables: fc.dictionary(hostileText, fc.oneof(hostileText, fc.double(), fc.boolean()), few),
    secrets: fc.dictionary(hostileText, source, few),
    steps: fc.dictionary(hostileText, fc.record(choice), { maxKeys: 2 }),
    limits: fc.record({
      timeout: fc.nat(),
      retries: fc.nat(),
      concurrency: fc.nat(),
      costPerRun: fc.double(),
      costPerDay: fc.nat(),
    }),
    mcpServers: fc.dictionary(
      hostileText,
      fc.record({ url: hostileText, transport: fc.constant('http' as const) }),
      few,
    ),
    dataSources: fc.dictionary(hostileText, fc.dictionary(hostileText, hostileText, few), few),
    runner: hostileText,
    channel: fc.constant('C0STAGING'),
    masked: fc.dictionary(hostileText, hostileText, few),
  },
  { requiredKeys: [] },
);

/** Names that a configuration takes: they are carried in forms. */
const placed = {
  environment: environment.map((tag) => ({ ...tag, name: 'staging' })),
  workflow: fc.option(workflow.map((tag) => ({ ...tag, slug: 'summarize-flow' }))),
};

export const hostileForm: fc.Arbitrary<SettingsFormView> = fc.record({
  ...placed,
  number: fc.nat(),
  settings: hostileSettings,
  managed: fc.subarray([...FIELDS] as Field[]),
  proposal: fc.constant(null),
  changedBy: fc.option(userId),
  asksFor: optionalText,
  earlier: fc.option(fc.record({ number: fc.nat(), settings: hostileSettings })),
});

export const hostileRevision: fc.Arbitrary<SettingsRevision> = fc.record({
  ...{ id: fc.uuid(), environmentId: fc.uuid(), workflowId: fc.option(fc.uuid()), number: fc.nat() },
  settings: hostileSettings,
  changedBy: userId,
  via: fc.constant('slack' as const),
  reason: optionalText,
  restores: fc.option(fc.nat()),
  managed: fc.constant([]),
  at: date,
});

export const hostileCard: fc.Arbitrary<SettingsCardView> = fc
  .tuple(
    hostileProposal,
    fc.record({
      ...{ before: hostileSettings, settings: hostileSettings, number: fc.option(fc.nat()) },
      status: fc.constantFrom('open', 'applied', 'rejected', 'cancelled', 'expired', 'stale'),
    }),
  )
  .map(([proposal, more]) => ({ ...proposal, ...more }));

const layer = fc.record({
  ...{ number: fc.nat(), changedBy: userId, at: date, more: fc.nat() },
  listed: fc.array(fc.record({ name: hostileText, value: hostileText, managedByFile: fc.boolean() }), {
    maxLength: 60,
  }),
});
export const hostileWorkflowSettings: fc.Arbitrary<WorkflowSettingsView> = fc.record({
  environment: placed.environment,
  workflow: workflow.map((tag) => ({ ...tag, slug: 'summarize-flow' })),
  number: fc.nat(),
  own: fc.option(layer),
  shared: fc.option(layer),
  masks: fc.uniqueArray(fc.record({ path: hostileText, secret: fc.option(name) }), {
    maxLength: 80,
    selector: ({ path }) => path,
  }),
  moreMasks: fc.nat(),
  lacks: fc.array(fc.record({ version, names: fc.array(hostileText, { minLength: 1, maxLength: 20 }) }), {
    maxLength: 3,
  }),
  secretNames: fc.uniqueArray(name, { maxLength: 400 }),
  proposal: fc.option(hostileProposal),
});
