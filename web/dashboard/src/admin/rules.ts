// Rules of the gateway that more than one page asks before it does.

/** Whether the gateway takes this as the name of a machine or an endpoint. */
export const isId = (text: string): boolean => /^[A-Za-z0-9._:-]{1,96}$/.test(text);

/** Whether two lists name the same things, in any order. */
export const isSameSet = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((it) => b.includes(it));
