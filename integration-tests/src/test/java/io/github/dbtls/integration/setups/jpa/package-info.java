/**
 * An application that uses Spring Data JPA.
 */
package io.github.dbtls.integration.setups.jpa;
