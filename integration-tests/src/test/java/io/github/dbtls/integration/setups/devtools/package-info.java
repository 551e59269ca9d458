/**
 * An application that is developed with Spring Boot's devtools.
 */
package io.github.dbtls.integration.setups.devtools;
