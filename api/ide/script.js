"use strict";
const INTROSPECTION_IS = "/*introspection*/";
/*examples*/
/*colour*/
/*docs*/
/*ide*/
