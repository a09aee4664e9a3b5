import type { ArrowState, NodeState } from './picture-graph.ts';

/** How a state looks: readable on white, told apart by line and mark as well as by colour. */
export interface Look {
  readonly fill: string;
  readonly line: string;
  readonly ink: string;
  /** An SVG dash pattern; empty for a solid line. */
  readonly dashes: string;
}

export const LOOKS: Readonly<Record<NodeState, Look>> = {
  added: { fill: '#e3f6e8', line: '#1a7f37', ink: '#0b5323', dashes: '' },
  removed: { fill: '#ffe9e7', line: '#c0271c', ink: '#8a1c13', dashes: '' },
  changed: { fill: '#fff3d1', line: '#9a6700', ink: '#6b4700', dashes: '' },
  moved: { fill: '#eaf1fd', line: '#2a5fc4', ink: '#1d448d', dashes: '7 4' },
  same: { fill: '#f6f7f9', line: '#9aa3ad', ink: '#2b333b', dashes: '' },
};

export const ARROW_DASHES: Readonly<Record<ArrowState, string>> = { added: '', changed: '', removed: '6 4', same: '' };

export const FAINT_INK = '#59636e';

/** What each mark means, in the order of the legend. */
export const LEGEND: readonly {
  readonly state: Exclude<NodeState, 'same'>;
  readonly mark: string;
  readonly words: string;
}[] = [
  { state: 'added', mark: '+', words: 'added' },
  { state: 'removed', mark: '−', words: 'removed' },
  { state: 'changed', mark: '~', words: 'changed' },
  { state: 'moved', mark: '→', words: 'moved' },
];
