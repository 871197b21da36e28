// Lists of who may come in, whole: there are a thousand at most, and names are looked for in all of them.

import type { User } from '../../session/session';
import { useAll } from '../../shared/lists';
import { COLLEAGUES } from '../../shared/useColleagues';
import type { Token } from './accounts';

/** Where they are. */
export const USERS = '/api/users';
export const TOKENS = '/api/tokens';
export const KEYS = '/api/keys';
/** What a change of an account makes old: its name stands in the list for everybody, too. */
export const ACCOUNTS = [USERS, COLLEAGUES];

/** Every account, closed ones too. */
export const useAccounts = () => useAll<User>(USERS, 'users');

/** Every token that is live. */
export const useTokens = () => useAll<Token>(TOKENS, 'tokens');
