/** Style sheets of libraries, which the bundler of an application takes as modules. */

declare module '*.css';
