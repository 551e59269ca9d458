package io.github.dbtls.integration.setups.jpa;

import java.util.List;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * The customers.
 */
public interface CustomerRepository extends JpaRepository<Customer, Long> {

	List<Customer> findByNameStartingWith(String prefix);

}
