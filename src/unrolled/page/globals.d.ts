// What classic scripts leave for the desk's modules.
declare const unrolledCode: any;
declare const unrolledEditor: any;
declare const unrolledPython: any;
declare const unrolledSupply: any;
