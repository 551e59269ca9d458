package io.github.dbtls.integration.setups.jpa;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Keeps customers in a table that Hibernate makes.
 */
@SpringBootApplication
public class JpaApplication {

}
