import type { SandboxPerson } from '../../protocol.ts';
import { initialsOf, inkOn } from './initials.ts';

/** A person's initials on their colour. Only decoration: the name always stands beside it. */
export function Avatar({ person, size = 'normal' }: { person: SandboxPerson | undefined; size?: 'small' | 'normal' }) {
  const colour = person?.colour ?? '#6b7280';
  return (
    <span className={`avatar avatar-${size}`} style={{ background: colour, color: inkOn(colour) }} aria-hidden="true">
      {person === undefined ? '?' : initialsOf(person)}
    </span>
  );
}
