import type { RunnerSettings } from '../../domain/suite/runner-settings.ts';

/** The settings of one kind of runner. */
export type KindOf<Kind extends RunnerSettings['kind']> = Extract<RunnerSettings, { kind: Kind }>;
