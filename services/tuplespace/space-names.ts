/**
 * The names of spaces that are not for everybody to make, so that nobody is in a round's place before it begins.
 */

/** Where nodes and orchestrators meet; for them to make. */
export const controlSpaceName = 'control';

/** What the name of each round's space begins with; for orchestrators to make. */
export const roundSpacePrefix = 'round-';
