/** What a watcher gets: the newest state of one of the objects that it watches, or why there will be none. */
export interface Update<T> {
  /** CloudTower's id of the object. */
  readonly id: string;
  /** An Error ends the watch of this object alone. */
  readonly state: T | Error;
  /** Whether it is the last one of this object. */
  readonly ended: boolean;
}

/** The state of an update. @throws the error that ended the watch. */
export function stateOf<T>({ state }: Update<T>): T {
  if (state instanceof Error) throw state;
  return state;
}
