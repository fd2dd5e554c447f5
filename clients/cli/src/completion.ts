import { Argument, type Command } from "commander";

/** Adds `towerql completion`, which prints a script for a shell. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("Print a completion script. For bash: source <(towerql completion bash)")
    .addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh"]))
    .action((shell: string) => {
      const cases = casesOf(program, "");
      console.log(shell === "bash" ? bash(cases) : `autoload -U +X bashcompinit && bashcompinit\n${bash(cases)}`);
    });
}

/** What may follow each sequence of commands: commands and options. */
function casesOf(command: Command, path: string): string[] {
  const words = [...command.commands.map((one) => one.name()), ...command.options.flatMap(({ long }) => long ?? [])];
  const below = command.commands.flatMap((one) => casesOf(one, path === "" ? one.name() : `${path} ${one.name()}`));
  return [`    "${path}") words="${words.join(" ")}" ;;`, ...below];
}

function bash(cases: readonly string[]): string {
  return `_towerql() {
  local words path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  while :; do
    case "$path" in
${cases.join("\n")}
      *) case "$path" in *" "*) path="\${path% *}"; continue ;; esac; words="" ;;
    esac
    break
  done
  COMPREPLY=($(compgen -W "$words --help" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _towerql towerql`;
}
