/** What the domain needs from the outside: each method is one request, so that a crash can only fall between two. */
export {};
