/** The words in which the manifest says what a function is and needs. */
export {};
