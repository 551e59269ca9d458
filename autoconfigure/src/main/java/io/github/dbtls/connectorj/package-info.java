/**
 * Adapter to MySQL Connector/J: the only room that spells its property names.
 */
@NullMarked
package io.github.dbtls.connectorj;

import org.jspecify.annotations.NullMarked;
