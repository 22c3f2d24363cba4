import type { GraphResource } from '../../analysis/graph/graph';

/** The options of a resource of which the program asks nothing special. */
export const NO_OPTIONS: GraphResource['options'] = {
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  aliases: [],
  protect: false,
  retainOnDelete: false,
  deleteBeforeReplace: false,
  deletedWith: '',
  importId: '',
  customTimeouts: {},
};
