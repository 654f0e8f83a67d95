/** `recipes`: configurations that are known to work. Never loads TensorFlow. */
import { recipes as known } from '../../main/engine/training/recipes'
import { m } from '../../shared/messages/compiled/messages'
import { parse } from '../arguments'
import type { Command } from '../context'
import { kindWords, recipeTitles } from '../words'

export const recipes: Command = (args, { terminal, json }) => {
  parse(args, {})
  if (json) terminal.out(JSON.stringify(known))
  else
    for (const { name, config } of known) {
      const { data, model, training } = config
      const title = recipeTitles[name]()
      const words = { name, title, kind: kindWords[model.kind](), epochs: training.epochs }
      terminal.out(data.kind === 'folder' ? m.cli_recipe_folder(words) : m.cli_recipe(words))
    }
  return Promise.resolve(0)
}
