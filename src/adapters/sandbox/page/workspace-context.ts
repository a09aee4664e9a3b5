import { createContext, useContext } from 'react';
import type { SandboxChannel, SandboxPerson, SandboxState } from '../protocol.ts';
import type { Place } from './place.ts';

/** What nearly every part of the page needs to know: the workspace, who looks, and how to go elsewhere in it. */
export interface Workspace {
  team: SandboxState['team'];
  me: SandboxPerson;
  bot: SandboxPerson | null;
  people: ReadonlyMap<string, SandboxPerson>;
  channels: ReadonlyMap<string, SandboxChannel>;
  go: (change: Partial<Place>) => void;
}

export const WorkspaceContext = createContext<Workspace | null>(null);

/** The workspace around a component; only the page's root may stand outside of one. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (workspace === null) throw new Error('useWorkspace is called outside of a workspace');
  return workspace;
}
