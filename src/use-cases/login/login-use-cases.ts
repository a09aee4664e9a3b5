import type { Actor } from '../../domain/actor.ts';
import type { Login } from '../../domain/login.ts';
import type { Person } from '../../domain/person.ts';
import type { TokenView } from '../views.ts';

/** A program that waits, as whoever is to confirm it is shown it. */
export interface LoginView extends Pick<Login, 'id' | 'device' | 'startedAt' | 'expiresAt'> {
  /** As whom it would act, with the role that they have now. */
  person: Pick<Person, 'userId' | 'role'>;
  /** Milliseconds. */
  tokenLife: number;
}

/** What became of a login that a program asks for: its token, at most once. */
export type Collected =
  | { kind: 'waiting'; expiresAt: Date }
  /** `text` is the token itself. It is in no other answer. */
  | { kind: 'token'; text: string; token: TokenView };

/** How a person logs a program in. Part of `UseCases`. */
export interface LoginUseCases {
  /**
   * A program asks to be logged in; nobody is known yet. `deviceCode` is for it alone, `code` for its person to type.
   * @throws Refusal too_many
   */
  startLogin(request: { workspaceId: string; device: string }): Promise<{
    deviceCode: string;
    code: string;
    expiresAt: Date;
    /** Milliseconds to let pass between two questions. */
    interval: number;
  }>;
  /** By the code, as typed. @throws Refusal invalid_input, login_ended where it is nobody's, too_many, not_permitted */
  findLogin(request: { actor: Actor; code: string }): Promise<LoginView>;
  /** Repeating it changes nothing. @throws Refusal login_ended, login_refused, too_many, not_permitted */
  confirmLogin(request: { actor: Actor; loginId: string }): Promise<LoginView>;
  /** Repeating it changes nothing. @throws Refusal login_ended, not_permitted */
  refuseLogin(request: { actor: Actor; loginId: string }): Promise<void>;
  /**
   * A token is handed out once. Who asks again by the same code, since the answer was lost or the code was taken, ends it.
   * @throws Refusal login_ended, login_refused, too_many, not_permitted
   */
  collectLogin(request: { workspaceId: string; deviceCode: string }): Promise<Collected>;
  /** Ends the personal token that is shown. @throws Refusal not_permitted where it is none */
  endLogin(request: { actor: Actor }): Promise<{ name: string }>;
  /** Who acts, as they stand now. Null: nobody in particular. */
  whoAmI(request: { actor: Actor }): Promise<(Person & { timeZone: string | null }) | null>;
}
