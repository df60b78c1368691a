// The editor of the page, bundled once: CodeMirror with Python, line numbers, undo and indentation.
// unrolledEditor(parent, { text, label, describedBy, covered, onchange, onrun })
//   -> { text(), replace(text), mark(line), focus() }
// covered() is the height of what lies over the window's foot.
import { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { python } from "@codemirror/lang-python";
import { classHighlighter } from "@lezer/highlight";

// The line that an error points to, until the next change.
const pointTo = StateEffect.define();
const pointed = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects) if (effect.is(pointTo)) return effect.value;
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

globalThis.unrolledEditor = (parent, { text, label, describedBy, covered, onchange, onrun }) => {
  const run = () => (onrun(), true);
  const extensions = [
    lineNumbers(), history(), drawSelection(), highlightSpecialChars(), indentOnInput(), bracketMatching(), pointed,
    EditorView.lineWrapping, indentUnit.of("    "), EditorState.tabSize.of(4),
    python(), syntaxHighlighting(classHighlighter),
    EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy }),
    EditorView.scrollMargins.of(() => ({ bottom: covered() })),
    Prec.highest(keymap.of([{ key: "Shift-Enter", run }, { key: "Mod-Enter", run }])),
    keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.updateListener.of((update) => update.docChanged && onchange(update.state.doc.toString())),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
  return {
    text: () => view.state.doc.toString(),
    replace: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
    mark(line) {
      const known = line >= 1 && line <= view.state.doc.lines;
      const marks = known
        ? Decoration.set([Decoration.line({ class: "cm-pointed" }).range(view.state.doc.line(line).from)])
        : Decoration.none;
      view.dispatch({ effects: pointTo.of(marks) });
    },
    focus: () => view.focus(),
  };
};
